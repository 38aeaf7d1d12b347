/** What to correct when a container's configuration cannot be resolved, from the kubelet's message. */
export function hintConfig(container: string, message = ''): string {
  const text = message.slice(0, 2048);
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(text);
  if (missing?.[2] !== undefined) {
    return `create ${sayKind(missing[1])} ${missing[2]}, or correct its name in container ${container}`;
  }
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (\S+)/i.exec(text);
  if (key?.[1] !== undefined && key[3] !== undefined) {
    return `add key ${key[1]} to ${sayKind(key[2])} ${key[3]}, or correct the key in container ${container}`;
  }
  if (/runAsNonRoot/i.test(text)) {
    return `set runAsUser of container ${container} to a non-root user, or use an image that has one`;
  }
  return `correct what the message says about the configuration of container ${container}`;
}

function sayKind(kind: string | undefined): string {
  return kind?.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
}
