/** Letters, digits, signs and spaces of any script; no control characters. */
const printable = /^\P{C}{1,200}$/u;
const longestReason = 500;

/** What is wrong with a request for a reclassification, each beginning with the field; empty when nothing is. Anyone may send one. */
export function requestFaults(request: unknown): string[] {
  const { requestId, reason } = (request ?? {}) as Partial<Record<'requestId' | 'reason', unknown>>;
  const faults: string[] = [];
  if (typeof requestId !== 'string' || !printable.test(requestId)) {
    faults.push('requestId must be 1 to 200 printable characters');
  }
  if (typeof reason !== 'string' || reason.length > longestReason) {
    faults.push(`reason must be a text of at most ${longestReason} characters`);
  }
  return faults;
}
