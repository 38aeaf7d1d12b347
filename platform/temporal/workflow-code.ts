import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type WorkerOptions, bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from '../logger.ts';
import { createTemporalLogger } from './runtime.ts';

const projectRoot = new URL('../../', import.meta.url);
/** What `npm run build` writes. */
export const workflowBundlePath = fileURLToPath(new URL('build/workflows.js', projectRoot));
/** Every export of this file that is a function becomes a workflow type. */
const workflowSourcePath = fileURLToPath(new URL('workflows/index.ts', projectRoot));

/** The part of the worker options that says where workflows come from. */
export type WorkflowCode = Required<Pick<WorkerOptions, 'workflowBundle'>>;

export interface WorkflowCodeOptions {
  /** `production` takes the built bundle, anything else bundles the source now, which takes a few seconds. */
  readonly mode: string;
  readonly logger: Logger;
  readonly bundlePath?: string;
  readonly sourcePath?: string;
}

/** Throws an Error that says what to run when `mode` is `production` and there is no built bundle. */
export async function loadWorkflowCode(options: WorkflowCodeOptions): Promise<WorkflowCode> {
  const { mode, logger, bundlePath = workflowBundlePath, sourcePath = workflowSourcePath } = options;
  if (mode !== 'production') return { workflowBundle: { code: await bundleWorkflows({ logger, sourcePath }) } };
  if (existsSync(bundlePath)) return { workflowBundle: { codePath: bundlePath } };
  throw new Error(`NODE_ENV is production, but ${bundlePath} does not exist. Run "npm run build" first.`);
}

/**
 * Bundles TypeScript workflows into one script. The SDK's bundler resolves the `.ts` specifiers of the source as they
 * are. Throws when they import what workflows may not, with the modules in the log.
 */
export async function bundleWorkflows({
  logger,
  sourcePath = workflowSourcePath,
}: Pick<WorkflowCodeOptions, 'logger' | 'sourcePath'>): Promise<string> {
  // Each successful bundle would otherwise log its module list.
  const quiet = logger.child({}, { level: logger.isLevelEnabled('debug') ? 'debug' : 'warn' });
  const { code } = await bundleWorkflowCode({ workflowsPath: sourcePath, logger: createTemporalLogger(quiet) });
  return code;
}
