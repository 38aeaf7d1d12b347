import { resolve } from 'node:path';
import type { KubernetesKind } from '../../dev/environment/options.ts';
import type { EnvironmentState } from '../../dev/environment/state.ts';
import { up } from '../../dev/environment/up.ts';
import { reportToStderr } from '../../dev/shared/report.ts';

/** The options of `podkeeper dev up` as commander gives them. */
export interface UpOptions {
  readonly name: string;
  readonly kubernetes: KubernetesKind;
  readonly simulatedNodes: number;
  readonly requireRealNode?: true;
  readonly crashLoopBackOff: 'quick' | 'default';
  readonly temporal: boolean;
  readonly temporalDatabase?: string;
  readonly redis: boolean;
  readonly apiServerFlag?: readonly string[];
  readonly output: 'table' | 'json';
}

/** Brings an environment up and says where everything is. Ctrl-C stops it and ends with code 130. */
export async function bringUp(options: UpOptions): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = () => {
    if (!interrupted.signal.aborted) reportToStderr('interrupted; stopping what was started …');
    interrupted.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const { state, started, statePath } = await up({
      name: options.name,
      lifetime: 'kept',
      report: reportToStderr,
      env: process.env,
      signal: interrupted.signal,
      options: {
        temporal: options.temporal,
        temporalDatabase: options.temporalDatabase === undefined ? null : resolve(options.temporalDatabase),
        redis: options.redis,
        kubernetes: options.kubernetes,
        realNodeRequired: options.requireRealNode === true,
        simulatedNodes: options.simulatedNodes,
        apiServerFlags: options.apiServerFlag ?? [],
        crashLoopBackOff: options.crashLoopBackOff,
      },
    });
    if (!started) reportToStderr(`"${options.name}" was running already; its options are those it was started with.`);
    console.log(options.output === 'json' ? JSON.stringify(state) : describe(state, options.name, statePath));
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function describe(state: EnvironmentState, name: string, statePath: string): string {
  const named = name === 'default' ? '' : ` --name ${name}`;
  const lines = [
    ...(state.temporal === null
      ? []
      : [`Temporal    ${state.temporal.address}`, `Temporal UI ${state.temporal.uiUrl}`]),
    ...(state.kubeconfig === null ? [] : [`Kubernetes  ${state.kubeconfig}`, `Node        ${describeNode(state)}`]),
    ...(state.redisUrl === null ? [] : [`Redis       ${state.redisUrl}`]),
    `State       ${statePath}`,
    '',
    `Use it:  eval "$(podkeeper dev env${named})"`,
    `Stop it: podkeeper dev down${named}`,
  ];
  return lines.join('\n');
}

function describeNode({ node, reason }: EnvironmentState): string {
  return reason === null ? node : `${node}, because: ${reason}`;
}
