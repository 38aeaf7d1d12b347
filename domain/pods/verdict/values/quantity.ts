const suffixes: Readonly<Partial<Record<string, number>>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const quantity = /^(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/;

/**
 * A Kubernetes quantity as a number (`64Mi` → 67108864), or undefined when it is none.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string | undefined): number | undefined {
  const match = quantity.exec(text ?? '');
  const [, digits, suffix] = match ?? [];
  if (digits === undefined || suffix === undefined || !Object.hasOwn(suffixes, suffix)) return undefined;
  return Number(digits) * (suffixes[suffix] ?? 1);
}
