/** The pod a session's requests go to. */
export interface Route {
  readonly key: string;
  readonly incarnation: number;
  readonly podUid: string;
  readonly namespace: string;
  readonly podName: string;
  readonly class: string;
  readonly address: string;
  /** The pod's own container port, so that a changed class does not misroute. */
  readonly port: number;
  /** Of the signing key that the pod's own key is made of. */
  readonly kid: string;
  /** Of the pod as it was seen; empty when it comes from a run's answer. */
  readonly version: string;
}

/** Which pod serves which session, in memory: from the gateway's own watch of session pods, and from answers of runs. */
export interface RouteTable {
  /** Undefined once every namespace was listed whole. */
  notReady(): string | undefined;
  /** Whether some namespace has not been heard of for 90 s; routes are kept all the same. */
  isStale(): boolean;
  find(key: string): Route | undefined;
  /** A pod that a run has answered with. Not taken when its deletion was seen in the last 10 minutes, or a newer one is known. Answers what is in force. */
  offer(route: Route): Route | undefined;
  /** What answered at its address was not it: not used again until the watch shows something new of it, or a run names it. */
  drop(route: Route): void;
  /** Resolves with the first route of the session of an incarnation above `above`, also one that is there already; undefined when aborted. */
  next(key: string, above: number, signal: AbortSignal): Promise<Route | undefined>;
  /** Whether a pod that can't prove itself may be connected to: the watch is fresh, and its address was only ever seen on it. */
  mayTrustAddress(route: Route): boolean;
  /** Called when a pod is no longer routed to (deleted, replaced, not ready any more). */
  onGone(listener: (podUid: string, key: string) => void): void;
  /** Routable pods by class, for the gauge. */
  countByClass(): ReadonlyMap<string, number>;
}
