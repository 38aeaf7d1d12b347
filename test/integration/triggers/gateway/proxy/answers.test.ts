import { describe, expect, it } from '@jest/globals';
import { usePodProcesses } from '../../../../unit/deploy/session-pod/pod-process.ts';
import { podEnv, routeTo, useProxyRigs } from './proxy-rig.ts';

describe('a request to a session pod', () => {
  const startPod = usePodProcesses();
  const startRig = useProxyRigs();

  async function start() {
    const pod = await startPod(podEnv(routeTo(0)));
    const rig = await startRig({ reach: () => routeTo(pod.port) });
    return { pod, rig };
  }

  it('is answered by the pod, with headers of ours', async () => {
    const { rig } = await start();
    const response = await fetch(`${rig.url}/execute`, { method: 'POST', body: '{"hello":1}' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ sessionId: 'alice-1', echo: { hello: 1 }, count: 1 });
    expect(response.headers.get('x-podkeeper-start')).toBe('existing');
    expect(response.headers.get('x-request-id')).toBe('request-1');
    expect(response.headers.get('server-timing')).toMatch(/^route;dur=[\d.]+, pod;dur=[\d.]+$/);
    expect(rig.leases()).toBe(0);
  }, 60_000);
});
