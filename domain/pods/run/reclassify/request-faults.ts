export interface ReclassifyRequestFault {
  readonly path: 'requestId' | 'reason';
  readonly message: string;
}

/** Letters, digits, signs and spaces of any script; no control characters. */
const printable = /^\P{C}{1,200}$/u;
/** As a replay's, which hands it on to the runs. */
const longestReason = 1000;

/** What is wrong with a request for a reclassification; empty when nothing is. Takes anything: anyone may send one. */
export function requestFaults(request: unknown): readonly ReclassifyRequestFault[] {
  const { requestId, reason } = (request ?? {}) as Partial<Record<'requestId' | 'reason', unknown>>;
  const faults: ReclassifyRequestFault[] = [];
  if (typeof requestId !== 'string' || !printable.test(requestId)) {
    faults.push({ path: 'requestId', message: 'must be 1 to 200 printable characters' });
  }
  if (typeof reason !== 'string' || reason.length > longestReason) {
    faults.push({ path: 'reason', message: `must be a text of at most ${longestReason} characters` });
  }
  return faults;
}
