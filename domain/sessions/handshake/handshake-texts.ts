/**
 * How a gateway and a native session pod prove themselves on each new connection: the gateway sends a nonce and a MAC of
 * it, the pod answers with a MAC of the nonce and of who it is. Both MACs are HMAC-SHA256, base64url, with the pod's own
 * key; here are the texts they are of. The session pod (deploy/docker/session-pod) has the same texts, held by a test.
 */
export const identityPath = '/.podkeeper/identity';

export const identityHeaders = { nonce: 'x-podkeeper-nonce', mac: 'x-podkeeper-mac' } as const;

/** What the gateway's MAC is of. */
export function challengeText(nonce: string): string {
  return ['podkeeper gateway', nonce].join('\n');
}

/** Who a pod says it is. */
export interface PodClaim {
  readonly podUid: string;
  readonly sessionKey: string;
  readonly incarnation: number;
}

/** What the pod's MAC is of. */
export function claimText(nonce: string, { podUid, sessionKey, incarnation }: PodClaim): string {
  return ['podkeeper pod', nonce, podUid, sessionKey, String(incarnation)].join('\n');
}
