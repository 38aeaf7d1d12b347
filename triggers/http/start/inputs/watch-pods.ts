import { z } from 'zod';
import { scopeFaults, type WatchScope } from '../../../../domain/pods/watch/watch-scope.ts';
import { labelSelectorFault } from '../../../../platform/config/label-selector.ts';
import {
  type WatchConfiguration,
  type WatchPodsInput,
  watchPodsType,
} from '../../../../workflows/watch-pods.messages.ts';
import { configurationHash } from '../../../pod-watch/watch-configuration.ts';
import { watchRunStart } from '../../../pod-watch/watch-run-start.ts';
import { faultProblem } from '../../problems/fault-problem.ts';
import type { RequestFault } from '../../problems/problem.ts';
import { definePublicWorkflow } from '../public-workflow.ts';

const whole = (min: number, max: number) => z.int().min(min).max(max).optional();

/** What a watch may be given other than this process' settings; each within the range of its setting. */
export const watchOverrides = {
  coalesceMs: whole(0, 60_000),
  dispatchConcurrency: whole(1, 256),
  queueLimit: whole(1, 100_000),
  intervalSeconds: whole(1, 3000),
  classificationTimeoutMs: whole(100, 60_000),
  failedRetentionSeconds: whole(0, 2_592_000),
  idleCheckSeconds: whole(10, 604_800),
} as const;

const input = z
  .strictObject({
    scope: z.strictObject({
      scopeName: z.string().max(63).meta({ description: 'A DNS label; part of the run id `watch/<cluster>/<scope>`.' }),
      namespaces: z.array(z.string().max(63)).max(1000).default([]).meta({
        description: 'Exact names; empty watches the whole cluster.',
      }),
      labelSelector: z.string().min(1).max(4096).optional().meta({ description: 'As for `kubectl -l`.' }),
      excludePatterns: z.array(z.string().min(1).max(1000)).max(100).default([]).meta({
        description: 'RE2 patterns on `<namespace>/<name>`; a pod that matches one is left out.',
      }),
    }),
    ...watchOverrides,
  })
  .meta({
    id: 'WatchPodsInput',
    description: 'What is left out is as this process is configured; docs/configuration.md tells what each one does.',
    examples: [{ scope: { scopeName: 'shop', namespaces: ['shop'] } }],
  });

export const watchPods = definePublicWorkflow({
  type: watchPodsType,
  scope: 'watches:write',
  operationId: 'startWatchPods',
  summary: 'Start a watch',
  description:
    'Watches the pods of a scope. Its run id is `watch/<cluster>/<scope>`, so a scope is watched once; after it was ' +
    'stopped it may be started again. A watch worker holds one watch: a second watch needs a second worker.',
  input,
  plan({ scope: given, ...overrides }, { dependencies: { cluster, watchDefaults } }) {
    const { scopeName, namespaces, excludePatterns, labelSelector } = given;
    const scope: WatchScope = {
      scopeName,
      namespaces,
      excludePatterns,
      ...(labelSelector !== undefined && { labelSelector }),
    };
    const errors = faultsOf(scope);
    if (errors.length > 0) throw faultProblem('invalid_input', errors);
    const configuration: WatchConfiguration = { ...watchDefaults, ...defined(overrides), scope };
    // The least there is: a worker that is configured for this scope takes over with its own configuration.
    const revision = 0;
    return {
      ...watchRunStart(cluster, scopeName),
      workflowType: watchPodsType,
      input: {
        cluster,
        configuration,
        configHash: configurationHash(configuration),
        revision,
      } satisfies WatchPodsInput,
      again: 'after-close',
    };
  },
});

/** Each fault begins with the field it is about. */
function faultsOf(scope: WatchScope): RequestFault[] {
  const faults = scopeFaults(scope);
  const selectorFault = labelSelectorFault(scope.labelSelector ?? '');
  if (selectorFault !== undefined) faults.push(`labelSelector is ${selectorFault}`);
  return faults.map((fault) => {
    const [, field = '', message = fault] = /^(\S+) (.*)$/s.exec(fault) ?? [];
    return { path: `body.scope.${field}`, message };
  });
}

/** Those that were given. */
function defined(overrides: {
  readonly [Name in keyof typeof watchOverrides]?: number | undefined;
}): Partial<WatchConfiguration> {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
}
