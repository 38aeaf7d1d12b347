import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { type HealthServer, startHealthServer } from '../../../platform/health-server.ts';
import { type Metrics, createMetrics } from '../../../platform/metrics.ts';
import { captureLog } from '../../helpers/log-capture.ts';

describe('the health server', () => {
  let server: HealthServer;
  let metrics: Metrics;
  let watchProblem: string | undefined;
  const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  const start = (port = 0) =>
    startHealthServer({
      host: '127.0.0.1',
      port,
      metrics,
      logger: captureLog().logger,
      checks: [
        { name: 'worker', problem: () => undefined },
        { name: 'watch', problem: () => watchProblem },
      ],
    });

  beforeEach(async () => {
    metrics = createMetrics();
    watchProblem = undefined;
    server = await start();
  });
  afterEach(async () => {
    await server.close();
  });

  it('answers /health while the process lives', async () => {
    watchProblem = 'no watch';
    const response = await get('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it('answers /ready with 200 when no check sees a problem', async () => {
    const response = await get('/ready');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ready: true });
  });

  it('answers /ready with 503 and each check, saying why, when one sees a problem', async () => {
    watchProblem = 'no byte from the watch for 95 s';
    const response = await get('/ready?verbose');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ready: false,
      checks: [
        { name: 'worker', problem: null },
        { name: 'watch', problem: 'no byte from the watch for 95 s' },
      ],
    });
  });

  it('serves the metrics in the text format of Prometheus', async () => {
    metrics.changesLate.inc(3);
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toBe(metrics.registry.contentType);
    expect(await response.text()).toContain('podkeeper_changes_late_total 3');
  });

  it('answers HEAD without a body, 404 to other paths and 405 to other methods', async () => {
    const head = await get('/health', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await get('/nothing')).status).toBe(404);
    const post = await get('/ready', { method: 'POST', body: 'x'.repeat(100_000) });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('refuses headers beyond 8 KiB', async () => {
    const response = await get('/health', { headers: { 'x-padding': 'x'.repeat(20_000) } });
    expect(response.status).toBe(431);
  });

  it('names the setting when its port is taken', async () => {
    await expect(start(server.port)).rejects.toThrow(/EADDRINUSE.*METRICS_PORT/);
  });

  it('closes at once although a client keeps its connection open', async () => {
    const idle = connect(server.port, '127.0.0.1');
    idle.on('error', () => undefined);
    await new Promise((resolve) => idle.once('connect', resolve));
    await get('/health');
    const startedMs = performance.now();
    await server.close();
    expect(performance.now() - startedMs).toBeLessThan(500);
    idle.destroy();
  });
});
