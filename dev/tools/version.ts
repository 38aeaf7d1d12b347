/** The first version number in a program's output, such as `Kubernetes v1.35.8` or `Redis server v=7.0.15`; null without one. */
export function findVersion(text: string): string | null {
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? null;
}

/** Negative, zero or positive as `a` is before, the same as or after `b`. Versions are numbers between dots. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is in a range: from its first, below its second. */
export function isInRange(version: string, [from, below]: readonly [string, string]): boolean {
  return compareVersions(version, from) >= 0 && compareVersions(version, below) < 0;
}
