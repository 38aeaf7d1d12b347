import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readKeyPair } from './certificates.ts';

/** Writes a kubeconfig that holds its certificates itself, so that it can be copied anywhere. */
export async function writeKubeconfig(input: {
  readonly path: string;
  readonly pkiFolder: string;
  readonly certificate: string;
  readonly server: string;
  readonly clusterName: string;
}): Promise<void> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const ca = await readFile(join(input.pkiFolder, 'ca.crt'), 'utf8');
  const { certificate, key } = await readKeyPair(input.pkiFolder, input.certificate);
  const { clusterName } = input;
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: clusterName, cluster: { server: input.server, 'certificate-authority-data': base64(ca) } }],
    users: [
      {
        name: input.certificate,
        user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
      },
    ],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: input.certificate } }],
    'current-context': clusterName,
  };
  await writeFile(input.path, stringify(content), { mode: 0o600 });
}
