import type { SessionClass } from '../../../domain/sessions/session-class.ts';

/** The session a request is for; whether it exists is not known yet. */
export interface SessionTarget {
  readonly key: string;
  /** The client's own id. */
  readonly sessionId: string;
  readonly tenant: string;
  readonly tenantHash: string;
  /** Of tenant and owner together. */
  readonly ownerHash: string;
  /** The class the request names; null when it names none: then a session that exists keeps its own. */
  readonly askedClass: string | null;
  /** The classes its token restricts the caller to; null or left out when it does not. */
  readonly allowedClasses?: ReadonlySet<string> | null;
  /** The class a pod is made of when there is none: the one asked for, or `default`. */
  readonly class: SessionClass;
}
