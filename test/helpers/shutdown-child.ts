import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../platform/logger.ts';
import { createShutdown } from '../../platform/shutdown.ts';

/**
 * A process that shuts down as its argument says, and prints what happens, in order: `clean`, `fails` (a closer throws),
 * `hangs` (a closer never ends), `slow` (a closer takes 2 s), `broken` (stops itself with an error).
 */
const [behaviour] = process.argv.slice(2);
const print = (line: string) => process.stdout.write(`${line}\n`);
const shutdown = createShutdown({
  logger: createLogger({ level: 'silent', name: 'child' }),
  graceSeconds: behaviour === 'slow' ? 10 : 1,
  exit: (code) => process.exit(code),
});
shutdown.signal.addEventListener('abort', () => print('aborted'));
shutdown.onClose('first opened', () => void print('closed first opened'));
shutdown.onClose('last opened', async () => {
  if (behaviour === 'fails') throw new Error('cannot close');
  await sleep(behaviour === 'hangs' ? 60_000 : behaviour === 'slow' ? 2000 : 20);
  print('closed last opened');
});
const alive = setInterval(() => undefined, 1000);
shutdown.onClose('timer', () => clearInterval(alive));
print('ready');
if (behaviour === 'broken') await shutdown.stop('worker failed', new Error('broken'));
