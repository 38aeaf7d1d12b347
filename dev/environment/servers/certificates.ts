import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../shared/run-command.ts';

/** A certificate to make: who it is for, and the names or addresses it serves. */
export interface CertificateRequest {
  readonly name: string;
  readonly subject: string;
  readonly alternativeNames: readonly string[];
}

/** Certificate and key as PEM text. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const validDays = '365';

/**
 * Makes the certificate authority, the given certificates and the key pair for service account tokens in `folder`, as
 * `<name>.crt` and `<name>.key`. Needs the openssl program: Node makes keys, but no certificates.
 */
export async function createCertificates(folder: string, requests: readonly CertificateRequest[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeKey(folder, 'ca');
  await openssl(folder, [
    'req',
    '-x509',
    '-new',
    '-key',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    validDays,
    '-subj',
    '/CN=podkeeper-dev-ca',
  ]);
  await Promise.all([
    ...requests.map((request) => createCertificate(folder, request)),
    writeKey(folder, 'service-account', 'service-account.pub'),
  ]);
}

async function createCertificate(folder: string, request: CertificateRequest): Promise<void> {
  const { name } = request;
  await writeKey(folder, name);
  const names = request.alternativeNames.length > 0 ? `subjectAltName=${request.alternativeNames.join(',')}\n` : '';
  await writeFile(join(folder, `${name}.ext`), `extendedKeyUsage=clientAuth,serverAuth\n${names}`);
  await openssl(folder, ['req', '-new', '-key', `${name}.key`, '-out', `${name}.csr`, '-subj', request.subject]);
  // A random serial number each: `-CAcreateserial` would have parallel calls write one file.
  await openssl(folder, [
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-out', `${name}.crt`],
    ...['-days', validDays, '-extfile', `${name}.ext`, '-set_serial', `0x${serialNumber()}`],
  ]);
}

function serialNumber(): string {
  return `1${crypto.randomUUID().replaceAll('-', '').slice(0, 30)}`;
}

async function writeKey(folder: string, name: string, publicFile?: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(join(folder, `${name}.key`), privateKey, { mode: 0o600 });
  if (publicFile !== undefined) await writeFile(join(folder, publicFile), publicKey);
}

async function openssl(folder: string, args: readonly string[]): Promise<void> {
  try {
    await runCommand({ command: 'openssl', args, cwd: folder });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('The program openssl is missing. Install the Debian package openssl.', { cause: error });
  }
}

/** Reads a certificate made by `createCertificates`. */
export async function readKeyPair(folder: string, name: string): Promise<KeyPair> {
  const [certificate, key] = await Promise.all([
    readFile(join(folder, `${name}.crt`), 'utf8'),
    readFile(join(folder, `${name}.key`), 'utf8'),
  ]);
  return { certificate, key };
}
