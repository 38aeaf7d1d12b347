import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLogger } from '../platform/logger.ts';
import { bundleWorkflows, workflowBundlePath } from '../platform/temporal/workflow-code.ts';

const logger = createLogger({ name: 'build', level: 'info' });
const code = await bundleWorkflows({ logger });
await mkdir(dirname(workflowBundlePath), { recursive: true });
// Renamed into place: a worker that starts meanwhile reads the old bundle or the new one, never half of it.
const partial = `${workflowBundlePath}.${process.pid}.partial`;
await writeFile(partial, code);
await rename(partial, workflowBundlePath);
logger.info({ path: workflowBundlePath, bytes: code.length }, 'workflow bundle written');
