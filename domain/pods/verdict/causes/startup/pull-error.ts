/** In this order: a message may fit several, as `pull access denied, repository does not exist` does. */
const patterns: readonly (readonly [detail: string, pattern: RegExp])[] = [
  ['rate-limited', /too ?many ?requests|rate limit/i],
  ['timeout', /timeout|timed out|deadline exceeded/i],
  ['tls', /x509|certificate|tls:|gave HTTP response to HTTPS client/i],
  ['unauthorized', /unauthorized|denied|forbidden|authentication required|authorization failed|no basic auth/i],
  ['not-found', /not found|manifest unknown|name unknown|does not exist|no such manifest/i],
  ['invalid-name', /invalid reference format|couldn't parse image|InvalidImageName/i],
];

/**
 * Why an image could not be pulled: not-found, unauthorized, timeout, tls, rate-limited, invalid-name, never-pull or
 * unknown, from the waiting reason and the runtime's message.
 */
export function readPullError(reason: string, message: string): string {
  if (reason === 'InvalidImageName') return 'invalid-name';
  if (reason === 'ErrImageNeverPull') return 'never-pull';
  const text = message.slice(0, 4096);
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'unknown';
}

/** What to do about it. */
export function hintImagePull(detail: string, image: string): string {
  switch (detail) {
    case 'not-found':
      return `check the name and tag of image ${image}: the registry does not have it`;
    case 'unauthorized':
      return `image ${image} does not exist or needs credentials: check imagePullSecrets of the pod and its service account`;
    case 'timeout':
      return `the registry of image ${image} did not answer in time: check the network of the node`;
    case 'tls':
      return `the node does not trust the registry of image ${image}: check its certificate`;
    case 'rate-limited':
      return `the registry limits pulls of image ${image}: use credentials or a mirror`;
    case 'invalid-name':
      return `image name ${image} is not valid: correct it`;
    case 'never-pull':
      return `imagePullPolicy is Never and image ${image} is not on the node: load it there or change the policy`;
    default:
      return `see the pod's Events for why image ${image} cannot be pulled`;
  }
}
