import { z } from 'zod';
import type { RunFailure } from '../../runs/views/read-run-end.ts';
import { describes } from '../describes.ts';

export const runFailureSchema = describes<RunFailure>()(z.object({ type: z.string(), message: z.string() })).meta({
  id: 'RunFailure',
  description: 'Why a run ended without success.',
  examples: [{ type: 'ClassificationFailed', message: '1 changes of this pod could not be classified: …' }],
});
