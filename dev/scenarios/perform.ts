import { setTimeout as sleep } from 'node:timers/promises';
import { apply } from '../kubernetes/apply.ts';
import type { KubernetesApi } from '../kubernetes/api.ts';
import { objectPath } from '../kubernetes/manifest.ts';
import type { Action, Condition, Scenario, SeenPod } from './scenario.ts';

const defaultTimeoutSeconds = 90;
const pollMs = 50;

/** What `perform` needs of its surroundings. */
export interface Stage {
  readonly api: KubernetesApi;
  readonly namespace: string;
  /** The pods of the namespace as they are now. */
  readonly pods: () => readonly SeenPod[];
  readonly signal: AbortSignal;
  /** Told of each step when it is done. */
  readonly onStep?: (description: string) => void;
}

/**
 * Applies the scenario's objects, takes its steps and returns once it has shown what it shows. Throws what it still waited
 * for when its time is over.
 */
export async function perform(scenario: Scenario, stage: Stage): Promise<void> {
  const deadline = Date.now() + (scenario.timeoutSeconds ?? defaultTimeoutSeconds) * 1000;
  const reach = (condition: Condition, what: string) => waitFor({ stage, condition, what, deadline });
  for (const manifest of scenario.objects) await apply(stage.api, stage.namespace, manifest);
  stage.onStep?.('applied');
  for (const { description, when, action } of scenario.steps ?? []) {
    await reach(when, `the moment to ${description}`);
    await act(action, stage);
    stage.onStep?.(description);
  }
  await reach(scenario.until, 'its end');
}

async function act(action: Action, { api, namespace }: Stage): Promise<void> {
  if (action.type === 'apply') {
    await apply(api, namespace, action.manifest);
    return;
  }
  const path = objectPath(namespace, action.target);
  if (action.type === 'delete') {
    const { gracePeriodSeconds } = action;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    };
    await api.call({ method: 'DELETE', path, body });
    return;
  }
  await api.call({
    method: 'PATCH',
    path: action.subresource === undefined ? path : `${path}/${action.subresource}`,
    contentType: 'application/strategic-merge-patch+json',
    body: action.patch,
  });
}

async function waitFor(input: {
  readonly stage: Stage;
  readonly condition: Condition;
  readonly what: string;
  readonly deadline: number;
}): Promise<void> {
  const { stage, condition, what, deadline } = input;
  while (!condition(stage.pods())) {
    if (Date.now() > deadline) {
      const phases = stage.pods().map(({ pod }) => `${pod.metadata?.name ?? ''} ${pod.status?.phase ?? ''}`);
      throw new Error(`still waiting for ${what}; pods: ${phases.join(', ') || 'none'}`);
    }
    await sleep(pollMs, undefined, { signal: stage.signal });
  }
}
