import type { HttpRig } from './http-rig.ts';

/** One documented answer of one operation, and how to get it. Files in test/integration/triggers/http/contract hold them. */
export interface ContractCase {
  readonly operationId: string;
  readonly status: number;
  /** What sets this case apart, where an operation has several ways to one status. */
  readonly name?: string;
  /** Must get the answer by `call` of the rig or of one of its variants. */
  readonly run: (rig: HttpRig) => Promise<unknown>;
}
