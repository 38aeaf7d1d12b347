/** Who sends a request, as its token says. */
export interface Caller {
  readonly subject: string;
  /** Empty when there is one tenant. */
  readonly tenant: string;
  /** Empty when the tenant's members share sessions. */
  readonly owner: string;
  /** May list, show and end the sessions of everybody; never send requests to them. */
  readonly admin: boolean;
  /** Classes its token restricts it to (claim `podkeeper_classes`); null when it does not. */
  readonly classes: ReadonlySet<string> | null;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}
