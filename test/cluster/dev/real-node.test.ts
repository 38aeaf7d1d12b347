import { readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { restartServer } from '../../../dev/environment/control/control-client.ts';
import { down } from '../../../dev/environment/down.ts';
import { environmentFolder, environmentPaths } from '../../../dev/environment/folders.ts';
import { processesInCgroup } from '../../../dev/environment/node/cgroups.ts';
import { checkNodeRequirements } from '../../../dev/environment/node/requirements.ts';
import { cgroupName, markOf, readPlan } from '../../../dev/environment/plan.ts';
import { findMarkedProcesses } from '../../../dev/environment/processes/marked-processes.ts';
import { isAlive, signalProcess } from '../../../dev/environment/processes/process-identity.ts';
import { up } from '../../../dev/environment/up.ts';
import { reportToStderr } from '../../../dev/shared/report.ts';
import { traceMachine } from './machine-trace.ts';
import { busyboxPod, coreApi, runPod } from './pods.ts';

jest.setTimeout(120_000);

const requirements = await checkNodeRequirements(process.env);
// Where a real node is not possible its tests cannot run; the reason is the test's name, and CI does not let it pass.
const onRealNode = requirements.possible ? it : it.skip;
if (!requirements.possible) console.error(`No tests of the real node: ${requirements.reason}`);

const start = (name: string) =>
  up({
    name,
    options: { temporal: false, redis: false, realNodeRequired: true, crashLoopBackOff: 'quick' },
    lifetime: 'owned',
    report: reportToStderr,
    env: process.env,
  });

async function idOf(name: string): Promise<string> {
  return (await readPlan(environmentPaths(environmentFolder(name)).plan))!.id;
}

/** The processes inside the node's network or mount namespace, however they got there. */
function processesInNamespaces(namespaces: readonly string[]): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .filter((pid) => {
      try {
        return ['net', 'mnt'].some((kind) => namespaces.includes(readlinkSync(`/proc/${pid}/ns/${kind}`)));
      } catch {
        // Gone in the meantime.
        return false;
      }
    });
}

const namespacesOf = (pid: number) => ['net', 'mnt'].map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`));

describe('the real node', () => {
  onRealNode('runs pods truly, and is gone without a trace after down', async () => {
    const name = `test-node-${process.pid}`;
    const before = await traceMachine(null);
    const environment = await start(name);
    expect(environment.state).toMatchObject({ node: 'real', reason: null });
    const id = await idOf(name);
    const api = coreApi(environment.state.kubeconfig!);
    const inside = namespacesOf(environment.state.pids.find((process) => process.name === 'node-namespaces')!.pid);

    const oom = busyboxPod({
      name: 'oom',
      script: 'echo before the end; tail /dev/zero',
      container: { resources: { limits: { memory: '20Mi' } } },
    });
    const exit = busyboxPod({ name: 'exit', script: 'echo to stdout; exit 3' });
    const web = busyboxPod({ name: 'web', script: 'mkdir /www; echo served > /www/page; exec httpd -f -p 80 -h /www' });
    const missing = busyboxPod({
      name: 'missing',
      script: '',
      container: { image: 'local.test/absent:1', imagePullPolicy: 'IfNotPresent' },
    });
    const [oomed, exited, serving, unpulled] = await Promise.all([
      runPod({ api, pod: oom, condition: ({ state }) => state?.terminated !== undefined }),
      runPod({ api, pod: exit, condition: ({ state }) => state?.terminated !== undefined }),
      runPod({ api, pod: web, condition: ({ ready }) => ready }),
      runPod({ api, pod: missing, condition: ({ state }) => state?.waiting?.reason === 'ImagePullBackOff' }),
    ]);
    expect(oomed.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
    expect(exited.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(unpulled.spec?.nodeName).toBe('real-1');
    const log = (pod: string) => api.readNamespacedPodLog({ namespace: 'default', name: pod });
    expect(await log('exit')).toBe('to stdout\n');
    expect(await log('oom')).toBe('before the end\n');
    const page = await fetch(`http://${serving.status?.podIP ?? ''}/page`);
    expect(await page.text()).toBe('served\n');

    const during = await traceMachine(id);
    expect(during.links).toContain(`pk${id}h@if2`);
    expect(during.iptables).toEqual(before.iptables);
    expect(during.mounts).toEqual(before.mounts);
    expect(during.sysctls).toEqual(before.sysctls);
    expect(during.folders).toEqual(before.folders);
    expect(processesInCgroup(cgroupName(id)).length).toBeGreaterThan(0);

    await down({ name, report: reportToStderr });
    expect(await traceMachine(id)).toEqual(before);
    expect(environment.state.pids.some(isAlive)).toBe(false);
    expect(findMarkedProcesses(markOf(id))).toEqual([]);
    expect(processesInNamespaces(inside)).toEqual([]);
  });

  onRealNode('is removed whole by down after its supervisor was killed, running pods included', async () => {
    const name = `test-killed-${process.pid}`;
    const before = await traceMachine(null);
    const environment = await start(name);
    const id = await idOf(name);
    const api = coreApi(environment.state.kubeconfig!);
    const pod = busyboxPod({ name: 'stays', script: 'trap "" TERM; while true; do sleep 1; done' });
    await runPod({ api, pod, condition: ({ ready }) => ready });
    const inside = namespacesOf(environment.state.pids.find((process) => process.name === 'node-namespaces')!.pid);
    signalProcess(environment.state.pids[0]!, 'SIGKILL');
    await down({ name, report: reportToStderr });
    expect(await traceMachine(id)).toEqual(before);
    expect(findMarkedProcesses(markOf(id))).toEqual([]);
    expect(processesInNamespaces(inside)).toEqual([]);
    expect(readdirSync(dirname(dirname(environment.statePath)))).not.toContain(name);
  });

  onRealNode('keeps its pods when containerd and kubelet are restarted', async () => {
    const name = `test-restart-${process.pid}`;
    const environment = await start(name);
    const api = coreApi(environment.state.kubeconfig!);
    const pod = busyboxPod({ name: 'stays', script: 'exec sleep 1000' });
    const created = await runPod({ api, pod, condition: ({ ready }) => ready });
    await restartServer(environment.statePath, 'containerd');
    await restartServer(environment.statePath, 'kubelet');
    const next = busyboxPod({ name: 'next', script: 'exit 0' });
    await runPod({ api, pod: next, condition: ({ state }) => state?.terminated?.exitCode === 0 });
    const seen = await api.readNamespacedPod({ namespace: 'default', name: 'stays' });
    const containerOf = (status: typeof seen) => status.status?.containerStatuses?.[0];
    expect(containerOf(seen)?.containerID).toBe(containerOf(created)?.containerID);
    expect(containerOf(seen)?.restartCount).toBe(0);
    await environment.stop();
  });
});
