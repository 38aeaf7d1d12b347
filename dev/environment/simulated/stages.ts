import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';

const ownStagesFolder = join(dirname(fileURLToPath(import.meta.url)), 'stages');

/** The stages of kwok's module that make nodes ready and pods run, complete and go away. */
const moduleStages = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat/node-heartbeat.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
] as const;

/** All stages as one YAML text: kwok's, and ours for the annotation `podkeeper.dev/simulate`. */
export async function readStages(moduleStagesFolder: string): Promise<string> {
  const own = (await readdir(ownStagesFolder)).filter((name) => name.endsWith('.yaml')).sort();
  const paths = [
    ...moduleStages.map((name) => join(moduleStagesFolder, name)),
    ...own.map((name) => join(ownStagesFolder, name)),
  ];
  return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('\n---\n');
}
