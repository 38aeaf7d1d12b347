import type { SessionClass } from '../../../../domain/sessions/session-class.ts';

export interface SessionRigOptions {
  readonly gateways?: number;
  readonly workers?: number;
  /** Where pods of the class `default` run: as the program itself, or as the stand-in. */
  readonly node: 'real' | 'simulated';
  /** Changes of the class `default`. */
  readonly class?: Partial<SessionClass>;
  /** More classes, by name, as changes of `default`. */
  readonly classes?: Readonly<Record<string, Partial<SessionClass>>>;
  /** More settings for gateways and workers. */
  readonly env?: Readonly<Record<string, string>>;
  /** A Redis that may be killed, stopped and emptied; it keeps its data in a file. */
  readonly ownRedis?: boolean;
}
