import { readTextFile, TextFileError } from '../text-file.ts';
import { parseSigningKeys, type SigningKeys, SigningKeysError } from './signing-keys.ts';

const limitBytes = 64 * 1024;
/** How a first file of keys is made. */
const makeKeys = `(umask 077; printf 'k1:%s\\n' "$(openssl rand -base64 32)" > session-keys)`;

/** Reads the file of signing keys. Throws SigningKeysError, with what to do; it never quotes a key. */
export async function loadSigningKeys(file: string): Promise<SigningKeys> {
  if (file === '') {
    throw new SigningKeysError(
      `is not set; session pods are signed with the keys in it. Make it: ${makeKeys} and set SIGNING_KEYS_FILE=session-keys, ` +
        'the same keys for all session workers and gateways.',
    );
  }
  try {
    return parseSigningKeys(await readTextFile(file, limitBytes));
  } catch (error) {
    if (error instanceof TextFileError) throw new SigningKeysError(`${file}: ${error.message}. Make it: ${makeKeys}`);
    if (error instanceof SigningKeysError) throw new SigningKeysError(`${file}: ${error.message}.`);
    throw error;
  }
}
