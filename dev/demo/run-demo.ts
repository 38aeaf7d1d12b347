import { type RunningEnvironment, up } from '../environment/up.ts';
import { reportToStderr as report, withProgress } from '../shared/report.ts';
import { createCleanup } from './cleanup.ts';
import type { DemoOptions } from './options.ts';
import { play } from './play.ts';
import { keeping } from './texts.ts';

/**
 * The whole main job on local servers: brings them up, starts the workers and the HTTP API, lets pods crash and finish,
 * replays what a broken rule kept from being classified, and shows what their runs tell. Returns the exit code: 0 everything caused was seen, 1 not, 130 interrupted before that was known.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => {
    interrupted.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const cleanup = createCleanup();
  try {
    const environment = await bringUp(options, interrupted.signal);
    if (!options.keep) cleanup.add(environment.stop);
    const conclusion = await play({ options, environment, signal: interrupted.signal, cleanup });
    if (conclusion === null) return 130;
    return conclusion.ok ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    report(`${interrupted.signal.aborted ? '\n' : ''}Stopping what was started …`);
    await withProgress({ what: 'stopping', report, work: () => cleanup.run() });
    if (options.keep) report(keeping(options.name));
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function bringUp({ name, simulated, keep }: DemoOptions, signal: AbortSignal): Promise<RunningEnvironment> {
  report('Bringing up Temporal, Kubernetes and Redis on this machine (seconds; the very first time about 11 minutes).');
  const environment = await up({
    name,
    lifetime: keep ? 'kept' : 'owned',
    options: { kubernetes: simulated ? 'simulated' : 'real' },
    report,
    env: process.env,
    signal,
  });
  if (!environment.started) report(`The environment "${name}" runs already: it is used, and left running.`);
  return environment;
}
