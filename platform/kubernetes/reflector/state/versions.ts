const decimal = /^\d+$/;

/**
 * Compares two resourceVersions: negative when `a` is older, zero when equal, positive when newer; `null` when they
 * differ and one is not a decimal number, for then their order can't be known. Numbers are compared as BigInt
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
 */
export function compareVersions(a: string, b: string): number | null {
  if (a === b) return 0;
  if (!decimal.test(a) || !decimal.test(b)) return null;
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}

/** True when `a` is certainly older than `b`. */
export function isOlder(a: string, b: string): boolean {
  return (compareVersions(a, b) ?? 0) < 0;
}
