import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { createTemporalReadiness } from '../../../../../platform/temporal/readiness.ts';
import { freePort } from '../../../../helpers/free-port.ts';
import { startBareApp } from '../../../../helpers/http/bare-app.ts';
import { captureLog } from '../../../../helpers/log-capture.ts';

it('/ready says that Temporal does not answer; why, and where it is, stands once in the log alone', async () => {
  const log = captureLog();
  const address = `127.0.0.1:${await freePort()}`;
  const connection = Connection.lazy({ address, connectTimeout: 200 });
  const readiness = createTemporalReadiness({ connection, logger: log.logger, intervalMs: 100 });
  const bare = await startBareApp({ checks: readiness.checks });
  const failures = () => log.lines().map(({ failure }) => failure);
  try {
    while (failures().length === 0) await sleep(50);
    await sleep(1000);
    const answer = await fetch(`${bare.origin}/ready`);
    expect(answer.status).toBe(503);
    const checks = [{ name: 'temporal', problem: 'Temporal has not answered' }];
    expect(await answer.json()).toEqual({ ready: false, checks });
    expect(failures()[0]).toEqual(expect.any(String));
    expect(new Set(failures()).size).toBe(failures().length);
  } finally {
    await bare.close();
    await readiness.stop();
    await connection.close();
  }
}, 60_000);
