import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RecordedChange, RecordingHeader } from '../../../dev/record/recording.ts';

export const recordingsFolder = fileURLToPath(new URL('../../recordings', import.meta.url));

export interface Recording {
  readonly header: RecordingHeader;
  readonly changes: readonly RecordedChange[];
}

export function recordedScenarios(): string[] {
  return readdirSync(recordingsFolder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length));
}

export function readRecording(scenario: string): Recording {
  const [first = '', ...lines] = readFileSync(`${recordingsFolder}/${scenario}.jsonl`, 'utf8').trimEnd().split('\n');
  return {
    header: JSON.parse(first) as RecordingHeader,
    changes: lines.map((line) => JSON.parse(line) as RecordedChange),
  };
}
