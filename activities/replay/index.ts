import type { Client } from '@temporalio/client';
import type { CompiledRules } from '../../domain/pods/rules/compiled-rules.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { createCountReplayed } from './count-replayed.ts';
import { createFindEarlierTry } from './find-earlier-try.ts';
import { createFindRival } from './find-rival.ts';
import { createFindRunsToReplay } from './find-runs-to-replay.ts';
import { createPreviewReclassification } from './preview-reclassification.ts';
import { createReclassifyClosedRun } from './reclassify-closed-run.ts';
import { createReclassifyOpenRun } from './reclassify-open-run.ts';

export interface ReplayActivityDependencies {
  readonly client: Client;
  /** Work for another one is refused. */
  readonly cluster: string;
  /** The user rules in force now. */
  readonly rules: () => CompiledRules;
  readonly metrics: Metrics;
  /** Runs listed at once; 100 when left out. */
  readonly pageSize?: number;
}

/** The activities of `replayClassifications` and `reclassify`. */
export function createReplayActivities(dependencies: ReplayActivityDependencies) {
  return {
    findRunsToReplay: createFindRunsToReplay(dependencies),
    reclassifyOpenRun: createReclassifyOpenRun(dependencies),
    reclassifyClosedRun: createReclassifyClosedRun(dependencies),
    previewReclassification: createPreviewReclassification(dependencies),
    findEarlierTry: createFindEarlierTry(dependencies),
    findRival: createFindRival(dependencies),
    countReplayed: createCountReplayed(dependencies),
  };
}

export type ReplayActivities = ReturnType<typeof createReplayActivities>;
