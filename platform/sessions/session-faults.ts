import { sessionNamespaces } from '../../domain/sessions/identity/session-names.ts';
import type { Config } from '../config.ts';
import type { ConfigFault } from '../config/config-error.ts';
import { image as imageForm, quantityFault } from './classes/class-values.ts';
import { defaultClass, resourceFaults } from './classes/fill-class.ts';

/** More pods in one namespace make its lists slow (docs/limits.md). */
const sessionsPerNamespace = 2500;
const longestNamespace = 63;

/** Everything wrong with the settings of sessions that no setting shows alone. */
export function sessionFaults(sessions: Config['sessions']): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const add = (variable: string, message: string) => faults.push({ variable, message: `${variable}: ${message}` });
  const { maxSessions, maxSessionsPerTenant, namespace, namespaceShards: shards } = sessions;

  if (maxSessions > sessionsPerNamespace * shards) {
    const needed = Math.ceil(maxSessions / sessionsPerNamespace);
    add(
      'MAX_CONCURRENT_SESSIONS',
      `${maxSessions} sessions need ${needed} namespaces, one for each ${sessionsPerNamespace}. ` +
        `Set SESSION_NAMESPACE_SHARDS=${needed}, or fewer sessions.`,
    );
  }
  if (maxSessionsPerTenant > maxSessions) {
    add(
      'MAX_SESSIONS_PER_TENANT',
      `${maxSessionsPerTenant} is more than MAX_CONCURRENT_SESSIONS (${maxSessions}) lets all have together. Give fewer, or 0.`,
    );
  }
  const longest = sessionNamespaces(namespace, shards).at(-1) ?? '';
  if (longest.length > longestNamespace) {
    add(
      'KUBERNETES_NAMESPACE',
      `the namespaces of ${shards} shards end with -${shards - 1}, and ${longest} has more than ${longestNamespace} characters. Give a shorter one.`,
    );
  }

  const image = imageForm.safeParse(sessions.image);
  if (sessions.image !== '' && !image.success) {
    add('SESSION_POD_IMAGE', `${JSON.stringify(sessions.image.slice(0, 80))} ${image.error.issues[0]?.message ?? ''}.`);
  }
  const quantities = {
    SESSION_POD_CPU_REQUEST: sessions.cpuRequest,
    SESSION_POD_CPU_LIMIT: sessions.cpuLimit,
    SESSION_POD_MEMORY_REQUEST: sessions.memoryRequest,
    SESSION_POD_MEMORY_LIMIT: sessions.memoryLimit,
  };
  for (const [variable, value] of Object.entries(quantities)) {
    const fault = quantityFault(value);
    if (fault !== undefined) add(variable, `${fault}.`);
  }
  for (const fault of resourceFaults(defaultClass(sessions))) add('SESSION_POD_*', `the resources ${fault}.`);
  return faults;
}
