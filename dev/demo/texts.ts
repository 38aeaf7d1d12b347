import type { EnvironmentState } from '../environment/state.ts';
import type { Act } from './acts/acts.ts';
import type { ReplayFiles } from './replay/files.ts';
import { exploringSessions } from './sessions/session-texts.ts';
import { pathText, sendCommand } from './replay/texts.ts';

/** What there is to see, told before it happens. */
export function introduction(input: {
  readonly state: EnvironmentState;
  readonly acts: readonly Act[];
  readonly skipped: readonly Act[];
  readonly namespace: string;
}): string {
  const { state, acts, skipped, namespace } = input;
  const width = Math.max(...acts.map(({ pods }) => pods.length));
  return [
    '',
    `Temporal UI: ${state.temporal?.uiUrl ?? ''}/namespaces/${state.temporal?.namespace ?? ''}/workflows`,
    state.node === 'real'
      ? `Kubernetes runs here with a real node: kubelet, containerd, runc. Namespace "${namespace}".`
      : `Kubernetes runs here with simulated nodes: ${state.reason ?? 'as was asked for'}. Namespace "${namespace}".`,
    '',
    'These pods are made now. Each gets one durable run, and every change of it is classified there:',
    ...acts.map(({ pods, shows }) => `  ${pods.padEnd(width)}  ${shows}`),
    ...(skipped.length === 0
      ? []
      : [`Left out, because only a real node can: ${skipped.map(({ pods }) => pods).join(', ')}.`]),
    '',
  ].join('\n');
}

/** Where to go from here, told once all there is to see was seen. */
export function exploring(input: {
  readonly environment: string;
  readonly namespace: string;
  readonly logs: string;
  /** Of the HTTP API. */
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly files: Pick<ReplayFiles, 'token' | 'events' | 'rules'>;
  readonly runs: readonly { readonly pod: string; readonly url: string }[];
}): string {
  const { environment, namespace, logs, apiUrl, gatewayUrl, files, runs } = input;
  const width = Math.max(0, ...runs.map(({ pod }) => pod.length));
  return [
    'Look at the runs in the Temporal UI: summary, current details, and every change as an event.',
    ...runs.map(({ pod, url }) => `  ${pod.padEnd(width)}  ${url}`),
    '',
    'In another terminal:',
    `  eval "$(npx podkeeper dev env --name ${environment})"      # leads kubectl and podkeeper here`,
    `  npx podkeeper runs list --namespace ${namespace}           # all runs; --cause OOMKilled narrows them`,
    `  npx podkeeper runs show ${namespace}/oom                   # verdict, evidence and timeline of one pod`,
    '  npx podkeeper watch status                         # how fresh the watch is, and its gaps',
    `  kubectl --namespace ${namespace} get pods                  # break something of your own and watch it here`,
    '',
    `The HTTP API: ${apiUrl}/docs`,
    `  ${sendCommand(apiUrl, files)}`,
    `  # change a pod in ${pathText(files.events)} (another uid is another pod) and send it again`,
    `  # break a rule in ${pathText(files.rules)}, send, mend it; then: npx podkeeper replay --cluster demo`,
    '',
    ...exploringSessions(gatewayUrl, files.token),
    '',
    `Logs: ${logs}`,
    'Ctrl-C stops everything that was started.',
    '',
  ].join('\n');
}

/** What stays when the demo was told to keep its servers. */
export function keeping(environment: string): string {
  return [
    'The workers have stopped; the servers stay:',
    `  eval "$(npx podkeeper dev env --name ${environment})"      # leads kubectl and podkeeper there`,
    '  npx podkeeper runs list                            # "runs show" needs a worker: npm run worker:pods',
    `  npx podkeeper dev down --name ${environment}               # stops them`,
  ].join('\n');
}
