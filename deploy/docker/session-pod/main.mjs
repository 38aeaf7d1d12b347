import { log } from './log.mjs';
import { createSessionServer } from './server.mjs';
import { readSettings } from './settings.mjs';
import { openState } from './state.mjs';
import { stop } from './stop.mjs';

const settings = readSettings(process.env);
const state = await openState(settings);
const session = createSessionServer({ settings, state });
const { server } = session;

server.listen({ port: settings.port, ...(settings.host && { host: settings.host }) }, () => {
  const identity = settings.podKey === null ? 'none' : 'native';
  log('listening', { port: server.address().port, identity, incarnation: settings.incarnation });
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log('stopping', { signal });
    stop({ ...session, state }).then(
      () => {
        log('stopped');
        process.exit(0);
      },
      (error) => {
        log('error', { message: error.message });
        process.exit(1);
      },
    );
  });
}
