import { describe, expect, it } from '@jest/globals';
import { at, buildPod, deleting, probe, running, statusUnknown, terminated } from '../../../helpers/pods.ts';
import { brief, findingOf, judge } from '../../../helpers/verdicts.ts';

function unschedulable(message: string, since = -20) {
  const PodScheduled = { status: 'False', reason: 'Unschedulable', message, lastTransitionTime: at(since) };
  return buildPod({
    phase: 'Pending',
    spec: { nodeName: null },
    conditions: { PodScheduled },
    containers: [{ state: null }],
  });
}

describe('a pod that no node fits', () => {
  it.each([
    [
      '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found',
      'cpu',
    ],
    ['0/1 nodes are available: 1 Insufficient memory.', 'memory'],
    ['0/1 nodes are available: 1 Insufficient nvidia.com/gpu.', 'extended-resource'],
    ['0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.', 'taint'],
    ["0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", 'node-selector'],
    ["0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.", 'affinity'],
    ['0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.', 'volume'],
    ['0/2 nodes are available: 2 node(s) had volume node affinity conflict.', 'volume'],
    ["0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints.", 'topology'],
    ["0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.", 'ports'],
    ['pods "web" is forbidden: exceeded quota: team', 'quota'],
    ['no nodes available to schedule pods', 'unknown'],
    [
      '0/6 nodes are available: 1 Insufficient cpu, 2 Insufficient memory, 3 node(s) had untolerated taint {x: }.',
      'taint, memory, cpu',
    ],
  ])('%s: %s', (message, detail) => {
    const verdict = judge(unschedulable(message));
    expect(brief(verdict)).toBe('Unschedulable incident Progressing');
    expect(findingOf(verdict, 'Unschedulable')).toMatchObject({ detail, severity: 'medium' });
  });

  it('is of high severity beyond 300 s', () => {
    expect(findingOf(judge(unschedulable('1 Insufficient cpu', -300)), 'Unschedulable').severity).toBe('medium');
    expect(findingOf(judge(unschedulable('1 Insufficient cpu', -301)), 'Unschedulable').severity).toBe('high');
  });
});

describe('an evicted pod', () => {
  it.each([
    ['The node was low on resource: memory. Threshold quantity: 100Mi', 'memory'],
    ['The node was low on resource: ephemeral-storage.', 'ephemeral-storage'],
    ['Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.', 'ephemeral-storage'],
    ['Usage of EmptyDir volume "tmp" exceeds the limit "1Mi".', 'ephemeral-storage'],
    ['The node was low on resource: inodes.', 'inodes'],
    ['The node was low on resource: pids.', 'pids'],
    ['The node had condition: [DiskPressure].', 'ephemeral-storage'],
    ['', 'unknown'],
  ])('%s: %s', (message, detail) => {
    const verdict = judge(buildPod({ phase: 'Failed', status: { reason: 'Evicted', message } }));
    expect(findingOf(verdict, 'Evicted')).toMatchObject({ detail, category: 'node' });
  });

  it('is evicted, not stopped with its node, although the kubelet sets TerminationByKubelet too', () => {
    const DisruptionTarget = { status: 'True', reason: 'TerminationByKubelet', lastTransitionTime: at(-30) };
    const state = terminated({ exitCode: 143, finished: -20 });
    const pod = buildPod({
      phase: 'Failed',
      status: { reason: 'Evicted' },
      conditions: { DisruptionTarget },
      containers: [{ state }],
    });
    expect(judge(pod).findings.map(({ cause }) => cause)).toEqual(['Evicted', 'GracefulStop']);
  });
});

describe('a disrupted pod', () => {
  const target = (status: string, since: number) => ({
    DisruptionTarget: { status, reason: 'EvictionByEvictionAPI', lastTransitionTime: at(since) },
  });

  it.each(['Terminated', 'Shutdown', 'NodeShutdown'])('with status reason %s was stopped with its node', (reason) => {
    const pod = buildPod({ phase: 'Failed', status: { reason }, containers: [{ state: terminated({ exitCode: 1 }) }] });
    const verdict = judge(pod);
    expect(brief(verdict)).toBe('NodeShutdown no-incident Failed');
    expect(findingOf(verdict, 'GracefulStop').explainedBy).toBe('NodeShutdown');
  });

  it('has a lost status of any time explained', () => {
    const pod = buildPod({
      metadata: deleting(-30),
      conditions: target('True', -30),
      containers: [{ state: running(-100), lastState: statusUnknown(), restarts: 1 }],
    });
    expect(findingOf(judge(pod), 'StatusLost')).toMatchObject({ explainedBy: 'ApiEvicted', excuse: 'disruption' });
  });

  it('is not one when the condition is False, or stale on a pod that runs on', () => {
    expect(judge(buildPod({ conditions: target('False', -30) })).findings).toEqual([]);
    expect(judge(buildPod({ conditions: target('True', -121) })).findings).toEqual([]);
    expect(judge(buildPod({ conditions: target('True', -119) })).findings).toMatchObject([{ cause: 'ApiEvicted' }]);
  });
});

describe('a lost node', () => {
  const node = (status: string) => ({ conditions: [{ type: 'Ready', status, lastTransitionTime: at(-100) }] });

  it.each(['False', 'Unknown'])('is found by its Ready condition being %s', (status) => {
    expect(brief(judge(buildPod(), { evidence: { node: node(status) } }))).toBe('NodeLost incident Unknown');
  });

  it('is found by status reason NodeLost', () => {
    expect(judge(buildPod({ status: { reason: 'NodeLost' } })).primary).toBe('NodeLost');
  });

  it('does not matter to a pod that has ended, or when the node is ready', () => {
    expect(judge(buildPod({ phase: 'Failed' }), { evidence: { node: node('Unknown') } }).findings).toEqual([]);
    expect(judge(buildPod(), { evidence: { node: node('True') } }).findings).toEqual([]);
  });

  it('explains what happens on it, but not a crash from long before', () => {
    const crash = terminated({ exitCode: 1, started: -900, finished: -800 });
    const containers = [
      { state: running(-799), lastState: crash, restarts: 1, ready: false, spec: { readinessProbe: probe() } },
    ];
    const { findings } = judge(buildPod({ containers }), { evidence: { node: node('Unknown') } });
    expect(findings.map(({ cause, explainedBy }) => [cause, explainedBy])).toEqual([
      ['NodeLost', undefined],
      ['AppError', undefined],
      ['ReadinessProbeFailing', 'NodeLost'],
    ]);
  });
});

describe('a pod that the kubelet refused', () => {
  it.each([
    'UnexpectedAdmissionError',
    'NodeAffinity',
    'OutOfcpu',
    'OutOfpods',
    'NodeName',
    'NodePorts',
    'TopologyAffinityError',
  ])('is found by reason %s', (reason) => {
    const verdict = judge(buildPod({ phase: 'Failed', status: { reason }, containers: [{ state: null }] }));
    expect(brief(verdict)).toBe('AdmissionRejected incident Failed');
    expect(verdict.findings[0]?.detail).toBe(reason);
  });
});

describe('a pod that does not go away', () => {
  const stuck = (parts: Parameters<typeof buildPod>[0] = {}) => buildPod({ metadata: deleting(-91), ...parts });
  const done = { state: terminated({ exitCode: 143, finished: -80 }) };

  it('is stuck 60 s after its deletion timestamp', () => {
    expect(judge(stuck()).primary).toBe('StuckTerminating');
    expect(judge(stuck({ metadata: deleting(-90) })).findings).toEqual([]);
  });

  it('is not stuck when it is known to be gone', () => {
    expect(judge(stuck(), { deleted: true }).findings).toEqual([]);
  });

  it('names what holds it: finalizers, containers that still run, a volume', () => {
    const held = stuck({ metadata: { ...deleting(-91), finalizers: ['a.test/x'] } });
    expect(findingOf(judge(held), 'StuckTerminating').detail).toBe('finalizers');
    expect(findingOf(judge(stuck()), 'StuckTerminating').detail).toBe('node');
    expect(findingOf(judge(stuck({ containers: [done] })), 'StuckTerminating').detail).toBe('volume');
  });

  it('is explained by a lost node', () => {
    const node = { conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: at(-100) }] };
    const verdict = judge(stuck({ containers: [done] }), { evidence: { node } });
    expect(findingOf(verdict, 'StuckTerminating')).toMatchObject({ detail: 'node', explainedBy: 'NodeLost' });
    expect(brief(verdict)).toBe('NodeLost incident Unknown');
  });
});
