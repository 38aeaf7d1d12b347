import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sharedEnvironment } from '../../helpers/environment.ts';
import { useTemporaryFolders } from '../../helpers/temporary-folders.ts';
import { workerEnv } from '../../helpers/worker-child.ts';

const newFolder = useTemporaryFolders();

describe('a pod worker with a rules file that cannot be used', () => {
  it('says what is wrong and exits with 2, as for any invalid configuration', async () => {
    const file = join(await newFolder(), 'classification-rules.yaml');
    await writeFile(file, 'version: 1\nrules:\n  - { name: a, match: { causes: [OOMKill] }, set: { team: x } }\n');
    const { state } = await sharedEnvironment();
    const env = { PATH: process.env['PATH'] ?? '', ...workerEnv(state), CLASSIFICATION_RULES_FILE: file };
    const { code, stderr } = await new Promise<{ code: number | undefined; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, ['workers/pod-worker.ts'], { env }, (_error, _stdout, text) => {
        resolve({ code: child.exitCode ?? undefined, stderr: text });
      });
    });
    expect(stderr).toContain(
      'line 3, column 34: rules[0].match.causes[0]: "OOMKill" is unknown; did you mean OOMKilled?',
    );
    expect(code).toBe(2);
  }, 60_000);
});
