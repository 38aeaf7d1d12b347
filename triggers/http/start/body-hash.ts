import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../platform/canonical-json.ts';

/** SHA-256 of a JSON value as hex; the order of keys makes no difference. */
export function bodyHash(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}
