import { z } from 'zod';
import { checkReplayInput, replayLimits } from '../../../../domain/replay/check-replay-input.ts';
import type { ReplayFilter } from '../../../../domain/replay/replay.ts';
import {
  type ReplayClassificationsInput,
  replayClassificationsType,
} from '../../../../workflows/replay-classifications.messages.ts';
import { defaultRunsPerSecond, planReplay } from '../../../replay/plan-replay.ts';
import { faultProblem } from '../../problems/fault-problem.ts';
import { definePublicWorkflow } from '../public-workflow.ts';

const text = z.string().min(1).max(255);
const time = z.iso.datetime({ offset: true, error: 'is no RFC 3339 time, such as 2026-07-01T12:00:00Z' });

const filter = z
  .strictObject({
    select: z
      .enum(['failed', 'all'])
      .default('failed')
      .meta({
        description:
          '`failed`: runs with failed classifications, open and closed. `all`: also open runs without: are they ' +
          'judged otherwise now?',
      }),
    namespace: text.optional(),
    pod: text.optional(),
    owner: text.optional().meta({ description: '`<kind>/<name>`', examples: ['ReplicaSet/web-5d4f'] }),
    cause: text.optional().meta({ description: 'Primary cause of the last incident.' }),
    rule: text.optional().meta({ description: 'Runs with a classification that this user rule made fail.' }),
    from: time
      .optional()
      .meta({ description: 'Runs started at or after it; one that continued as new started when it last did.' }),
    to: time.optional().meta({ description: 'Runs started before it.' }),
  })
  .meta({ description: 'Which pod runs; everything given must fit.' });

const input = z
  .strictObject({
    filter: filter.prefault({}),
    dryRun: z.boolean().default(false).meta({ description: 'Only tells what would change: no run is touched.' }),
    reason: z.string().max(replayLimits.reasonLength).default('').meta({
      description: 'Your words, kept in what it changes.',
    }),
    runsPerSecond: z.int().min(1).max(replayLimits.runsPerSecond).default(defaultRunsPerSecond),
  })
  .meta({
    id: 'ReplayClassificationsInput',
    examples: [{ filter: { select: 'failed', rule: 'team-of-shop' }, dryRun: true, reason: 'the rule was mended' }],
  });

export const replayClassifications = definePublicWorkflow({
  type: replayClassificationsType,
  scope: 'replays:write',
  operationId: 'startReplayClassifications',
  summary: 'Start a replay of failed classifications',
  description:
    'Tries again what could not be classified. Its run id is `replay/<cluster>/<Idempotency-Key>`. ' +
    '`GET /api/v1/classifications/replay/<id>` tells how far it is, with the Idempotency-Key as id.',
  input,
  plan({ filter: selected, ...request }, { dependencies: { cluster }, requestId, now }) {
    const replay: ReplayClassificationsInput = {
      cluster,
      requestId,
      ...request,
      filter: withoutUndefined(selected),
      requestedAt: now.toISOString(),
    };
    const faults = checkReplayInput(replay);
    if (faults.length > 0) {
      const errors = faults.map(({ path, message }) => ({ path: `body.${path}`, message }));
      throw faultProblem('invalid_input', errors);
    }
    return { ...planReplay(replay), workflowType: replayClassificationsType, input: replay, again: 'never' };
  },
});

/** Absent, not undefined, as it arrives in the run. */
function withoutUndefined(selected: z.output<typeof filter>): ReplayFilter {
  const { select, ...others } = selected;
  return { select, ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)) };
}
