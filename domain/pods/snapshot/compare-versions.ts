/** Kubernetes versions are at most 128 bits long; what is longer is no version and is not worth a big division. */
const decimal = /^[0-9]{1,64}$/;

/**
 * Orders two resourceVersions: negative, 0 or positive when both are decimal numbers (compared as BigInt); 0 when they
 * are the same text; undefined when their order can't be known.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!decimal.test(a) || !decimal.test(b)) return undefined;
  const left = BigInt(a);
  const right = BigInt(b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
