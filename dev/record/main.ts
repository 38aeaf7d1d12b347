import { join } from 'node:path';
import { projectFolder } from '../environment/folders.ts';
import { up } from '../environment/up.ts';
import { reportToStderr } from '../shared/report.ts';
import { scenarios } from '../scenarios/all.ts';
import { recordAll } from './record-all.ts';

const usage = `usage: npm run record [-- scenario …]

Plays scenarios on the real node of a local environment of its own ("record") and writes what a watch shows of their pods
and Events to test/recordings/<scenario>.jsonl. Without names it plays all of them:
  ${scenarios.map(({ name }) => name).join('\n  ')}
`;

const names = process.argv.slice(2);
const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`There is no scenario ${unknown.join(', ')}.\n\n${usage}`);
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error('Interrupted.')));

const environment = await up({
  name: 'record',
  // A simulated node shows what its author believed; only a real kubelet is evidence.
  options: { realNodeRequired: true, simulatedNodes: 0, temporal: false, redis: false },
  lifetime: 'owned',
  report: reportToStderr,
  env: process.env,
  signal: stop.signal,
});
try {
  const failed = await recordAll({
    scenarios: names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name)),
    kubeconfig: environment.state.kubeconfig ?? '',
    folder: join(projectFolder, 'test', 'recordings'),
    report: reportToStderr,
    signal: stop.signal,
  });
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await environment.stop();
}
