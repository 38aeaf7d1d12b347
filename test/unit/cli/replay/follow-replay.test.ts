import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { followReplay } from '../../../../cli/replay/follow-replay.ts';
import type { Terminal } from '../../../../cli/terminal.ts';
import { replayProgress } from '../../../../domain/replay/replay-progress.ts';
import { newReplay } from '../../../../domain/replay/replay.ts';
import { replayClassificationsType } from '../../../../workflows/replay-classifications.messages.ts';

const workflowId = 'replay/test/cli-1';
const asked = { dryRun: false, filter: { select: 'failed' }, reason: '', requestedAt: '2026-07-01T12:00:00Z' } as const;
const done = replayProgress(asked, newReplay('2026-07-01T12:00:00Z'), 'completed');

const grpcError = (code: number) => Object.assign(new Error('from the server'), { code, details: '', metadata: {} });

/** A client whose server is away for the first questions, then says that the replay has completed. */
function clientAway({ times, code }: { readonly times: number; readonly code: number }): Client {
  let left = times;
  const handle = {
    describe: () => {
      left -= 1;
      if (left >= 0) return Promise.reject(grpcError(code));
      return Promise.resolve({ type: replayClassificationsType, status: { name: 'COMPLETED' }, runId: 'run-1' });
    },
    result: () => Promise.resolve(done),
  };
  return { workflow: { getHandle: () => handle } } as unknown as Client;
}

function terminalOf(said: string[]): Terminal {
  const output = { write: (text: string) => void said.push(text) };
  const stdin = (async function* nothing() {})();
  return { stdin, stdout: output, stderr: output, setExitCode: () => undefined, now: () => new Date(0) };
}

const unavailable = 14;

describe('following a replay', () => {
  it('goes on when the server was away for a moment', async () => {
    const said: string[] = [];
    const client = clientAway({ times: 2, code: unavailable });
    expect(await followReplay({ client, workflowId, terminal: terminalOf(said) })).toEqual(done);
    expect(said.join('')).toBe('Temporal does not answer; trying again.\n');
  }, 30_000);

  it('gives up when it stays away, and says how to follow again', async () => {
    const said: string[] = [];
    const client = clientAway({ times: Infinity, code: unavailable });
    const following = followReplay({ client, workflowId, terminal: terminalOf(said), patienceSeconds: 0.1 });
    await expect(following).rejects.toThrow('from the server');
    expect(said.join('')).toContain(`podkeeper replay status -f ${workflowId}`);
  }, 30_000);

  it('ends at once with what trying again would not mend', async () => {
    const said: string[] = [];
    const client = clientAway({ times: 1, code: 7 });
    await expect(followReplay({ client, workflowId, terminal: terminalOf(said) })).rejects.toThrow('from the server');
    expect(said).toEqual([]);
  }, 30_000);
});
