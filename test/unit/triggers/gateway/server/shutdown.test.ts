import { describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { startGatewayRig, tokenOf } from '../../../../helpers/gateway/gateway-rig.ts';
import { sendRaw } from '../../../../helpers/gateway/raw-http.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const path = '/api/v1/session/a/proxy/';

describe('a gateway that stops', () => {
  it('fails no request of clients that keep their connections, while another takes over', async () => {
    const [old, next] = [await startGatewayRig(), await startGatewayRig()];
    const authorization = `Bearer ${await tokenOf()}`;
    /** What a load balancer would choose. */
    let open = old.url;
    let going = true;
    const faults: string[] = [];
    let answered = 0;
    const client = async (waitMs: number): Promise<void> => {
      const agent = new Agent({ connections: 1 });
      while (going) {
        try {
          const { statusCode, body } = await request(`${open}${path}`, {
            dispatcher: agent,
            headers: { authorization },
          });
          await body.dump();
          answered += 1;
          if (statusCode !== 200) faults.push(String(statusCode));
        } catch (error) {
          faults.push(String(error));
        }
        await pause(waitMs);
      }
      await agent.close();
    };
    const clients = [0, 0, 1, 3, 7, 20, 50].map(client);
    await pause(300);
    const stopped = old.stop({ delayMs: 1500, drainMs: 5000 });
    await pause(200);
    open = next.url;
    await stopped;
    await pause(200);
    going = false;
    await Promise.all(clients);
    await next.stop();
    expect(faults).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  }, 60_000);

  it('takes new connections for a while, each answer says that it is the last; then none', async () => {
    const rig = await startGatewayRig();
    const head = `GET ${path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${await tokenOf()}\r\n\r\n`;
    const stopped = rig.stop({ delayMs: 1000, drainMs: 2000 });
    const { statuses, closed, text } = await sendRaw({ port: rig.port, parts: [head] });
    expect({ statuses, closed }).toEqual({ statuses: [200], closed: true });
    expect(text).toMatch(/^connection: close\r$/im);
    expect((await sendRaw({ port: rig.port, parts: ['GET /health HTTP/1.1\r\nHost: here\r\n\r\n'] })).statuses).toEqual(
      [503],
    );
    await stopped;
    await expect(fetch(rig.url)).rejects.toThrow();
  }, 30_000);

  it('answers a request that was on its way when it stopped listening', async () => {
    const rig = await startGatewayRig();
    const head = `GET ${path} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${await tokenOf()}\r\n\r\n`;
    const both = sendRaw({ port: rig.port, parts: [head, head], pauseMs: 350, waitMs: 10_000 });
    await pause(200);
    const stopped = rig.stop({ drainMs: 5000 });
    expect(await both).toMatchObject({ statuses: [200, 200], closed: true });
    await stopped;
  }, 30_000);

  it('lets what is in flight finish', async () => {
    const rig = await startGatewayRig();
    let finish: () => void = () => undefined;
    rig.answerBy(async (_exchange, response) => {
      response.writeHead(200, ['Content-Length', '4']);
      response.write('be');
      await new Promise<void>((resolve) => void (finish = resolve));
      await new Promise<void>((resolve) => void response.once('close', resolve).end('en'));
    });
    const answer = await fetch(`${rig.url}${path}`, { headers: { authorization: `Bearer ${await tokenOf()}` } });
    const stopped = rig.stop({ drainMs: 20_000 });
    await pause(1200);
    finish();
    expect(await answer.text()).toBe('been');
    // Its connection was to be kept, as its head said; that does not hold up the end.
    await stopped;
  }, 30_000);

  it('cuts what takes longer than its time, half a head too', async () => {
    const rig = await startGatewayRig();
    const signals: AbortSignal[] = [];
    rig.answerBy(({ signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const held = fetch(`${rig.url}${path}`, { headers: { authorization: `Bearer ${await tokenOf()}` } });
    const failed = expect(held).rejects.toThrow();
    const half = sendRaw({ port: rig.port, parts: ['GET / HTTP/1.1\r\nHo'], waitMs: 20_000 });
    await pause(200);
    await rig.stop({ drainMs: 700 });
    await failed;
    expect((await half).closed).toBe(true);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  }, 30_000);
});

describe('a client that leaves', () => {
  it('is told to the proxy', async () => {
    const rig = await startGatewayRig();
    const leaving = new AbortController();
    const left = new Promise<void>((resolve) => {
      rig.answerBy(({ signal }) => {
        signal.addEventListener('abort', () => resolve());
        leaving.abort();
        return new Promise(() => undefined);
      });
    });
    const headers = { authorization: `Bearer ${await tokenOf()}` };
    await expect(fetch(`${rig.url}${path}`, { headers, signal: leaving.signal })).rejects.toThrow();
    await left;
    await rig.stop();
  }, 30_000);
});
