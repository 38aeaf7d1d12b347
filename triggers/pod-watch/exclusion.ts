import { RE2JS } from 're2js';
import type { PodIdentity } from '../../domain/names.ts';

/** True for pods to leave out: any pattern (RE2, so no input can make it slow) found in `namespace/name`. */
export function createExclusion(
  patterns: readonly string[],
): (pod: Pick<PodIdentity, 'namespace' | 'name'>) => boolean {
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
  return ({ namespace, name }) => compiled.some((pattern) => pattern.matcher(`${namespace}/${name}`).find());
}
