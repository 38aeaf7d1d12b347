import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { V1ConfigMap, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { down } from '../../../dev/environment/down.ts';
import { up } from '../../../dev/environment/up.ts';
import { findInPath } from '../../../dev/shared/find-in-path.ts';
import { findKwokStages } from '../../../dev/tools/go/kwok-stages.ts';
import { findTool } from '../../../dev/tools/find-tool.ts';
import { toolNames } from '../../../dev/tools/tool.ts';
import { reportToStderr } from '../../../dev/shared/report.ts';
import type { AsSent } from '../../../platform/kubernetes/client/as-sent.ts';
import type { TestEnvironment } from '../../helpers/environment.ts';
import { withEnvironment } from '../../helpers/environment.ts';
import { useTemporaryFolders } from '../../helpers/temporary-folders.ts';
import { busyboxPod, coreApi, runPod } from './pods.ts';

jest.setTimeout(120_000);
const temporaryFolder = useTemporaryFolders();

const small = { temporal: false, redis: false } as const;

function simulate(
  environment: TestEnvironment,
  failure: string,
  condition: (status: V1ContainerStatus, pod: V1Pod) => boolean,
): Promise<V1Pod> {
  const annotations = { 'podkeeper.dev/simulate': failure };
  return runPod({
    api: coreApi(environment.kubeconfig()),
    pod: busyboxPod({ name: failure, script: '', annotations, spec: { restartPolicy: 'Always' } }),
    condition,
  });
}

describe('simulated nodes', () => {
  it('run pods on loopback addresses and let them fail as annotated', async () => {
    await withEnvironment({ ...small, kubernetes: 'simulated', simulatedNodes: 2 }, async (environment) => {
      const api = coreApi(environment.kubeconfig());
      const nodes = (await api.listNode()).items.map(({ metadata }) => metadata?.name);
      expect(nodes.sort()).toEqual(['simulated-1', 'simulated-2']);
      const healthy = runPod({
        api,
        pod: busyboxPod({ name: 'healthy', script: '' }),
        condition: ({ ready }) => ready,
      });
      const backsOff = ({ state }: V1ContainerStatus) => state?.waiting?.reason === 'CrashLoopBackOff';
      const once = busyboxPod({ name: 'once', script: '', annotations: { 'podkeeper.dev/simulate': 'crash-loop' } });
      const [well, failed, crashing, oom, unpulled, evicted] = await Promise.all([
        healthy,
        runPod({ api, pod: once, condition: (_, pod) => pod.status?.phase === 'Failed' }),
        simulate(environment, 'crash-loop', (status) => backsOff(status) && status.restartCount >= 2),
        simulate(environment, 'oom', backsOff),
        simulate(environment, 'image-pull', ({ state }) => state?.waiting?.reason === 'ImagePullBackOff'),
        simulate(environment, 'evicted', (_, pod) => pod.status?.phase === 'Failed'),
      ]);
      expect(well.status?.podIP).toMatch(/^127\.64\./);
      const lastEnd = (pod: V1Pod) => pod.status?.containerStatuses?.[0]?.lastState?.terminated;
      expect(lastEnd(crashing)).toMatchObject({ exitCode: 1, reason: 'Error' });
      expect(lastEnd(oom)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
      expect(oom.status?.containerStatuses?.[0]?.restartCount).toBe(1);
      expect(failed.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(1);
      expect(unpulled.status?.phase).toBe('Pending');
      expect(evicted.status).toMatchObject({ reason: 'Evicted' });
    });
  });

  it('stand in for the real node where that is not possible, and the reason is said', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'bin'));
    for (const program of ['openssl', 'sh']) {
      await symlink((await findInPath(program, process.env['PATH']))!, join(folder, 'bin', program));
    }
    const environment = await up({
      name: `test-fallback-${process.pid}`,
      options: small,
      lifetime: 'owned',
      report: reportToStderr,
      env: { ...process.env, PATH: join(folder, 'bin') },
    });
    expect(environment.state.node).toBe('simulated');
    const reason = process.getuid?.() === 0 ? /containerd \(Debian package containerd\)/ : /needs root/;
    expect(environment.state.reason).toMatch(reason);
    const api = coreApi(environment.state.kubeconfig!);
    // Nothing else could take ordinary pods, so the simulated node does, without a toleration.
    await runPod({ api, pod: busyboxPod({ name: 'ordinary', script: '' }), condition: ({ ready }) => ready });
    await environment.stop();
  });

  it('stand in for the real node when its kubelet does not start, and the end of its log is the reason', async () => {
    const tools = await temporaryFolder();
    await writeFile(join(tools, 'kubelet'), '#!/bin/sh\necho no kubelet today\nexit 4\n', { mode: 0o755 });
    for (const name of toolNames.filter((tool) => tool !== 'kubelet')) {
      const path = await findTool({ name, env: process.env, report: reportToStderr });
      await symlink(path!, join(tools, name));
    }
    const kwok = await findTool({ name: 'kwok', env: process.env, report: reportToStderr });
    await symlink(await findKwokStages(kwok!, process.env), join(tools, 'kwok-stages'));
    const environment = await up({
      name: `test-kubelet-${process.pid}`,
      options: small,
      lifetime: 'owned',
      report: reportToStderr,
      env: { ...process.env, PODKEEPER_TOOLS_DIR: tools },
    });
    expect(environment.state.node).toBe('simulated');
    if (process.getuid?.() === 0)
      expect(environment.state.reason).toMatch(/kubelet ended with code 4[\s\S]*no kubelet today/);
    await environment.stop();
  });

  it('are refused in place of a real node that is required', async () => {
    const name = `test-required-${process.pid}`;
    const starting = up({
      name,
      options: { ...small, realNodeRequired: true },
      lifetime: 'owned',
      report: reportToStderr,
      env: { ...process.env, PATH: '/nowhere' },
    });
    await expect(starting).rejects.toThrow(/^No real node: /);
    await down({ name, report: reportToStderr });
  });
});

describe('the control plane', () => {
  it('keeps its objects when API server and etcd are killed and started again on the same ports', async () => {
    await withEnvironment({ ...small, kubernetes: 'control-plane' }, async (environment) => {
      const api = coreApi(environment.kubeconfig());
      const kept: AsSent<V1ConfigMap> = { metadata: { name: 'kept' } };
      await api.createNamespacedConfigMap({ namespace: 'default', body: kept as unknown as V1ConfigMap });
      for (const server of ['kube-apiserver', 'etcd']) await environment.restart(server);
      await environment.restart('kube-apiserver');
      const seen = await api.readNamespacedConfigMap({ namespace: 'default', name: 'kept' });
      expect(seen.metadata?.name).toBe('kept');
      expect(environment.state).toMatchObject({ node: 'none', reason: null });
    });
  });

  it('takes more flags for the API server, and a wrong one is reported with the log', async () => {
    const name = `test-flag-${process.pid}`;
    const options = { ...small, kubernetes: 'control-plane', apiServerFlags: ['--no-such-flag=1'] } as const;
    const wrong = up({ name, options, lifetime: 'owned', report: reportToStderr, env: process.env });
    await expect(wrong).rejects.toThrow(/kube-apiserver ended with code 1[\s\S]*unknown flag: --no-such-flag/);
    await down({ name, report: reportToStderr });
  });
});
