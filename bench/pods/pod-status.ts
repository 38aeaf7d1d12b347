import type { ContainersDo, PodMoment } from './moments.ts';
import { containerNames, image, type Json, type PodShape, timeOf } from './pod-shape.ts';

/** The status of a pod at one moment, with the conditions and ids that the kubelet writes. */
export function podStatus(shape: PodShape, moment: PodMoment): Json {
  const { phase, scheduled, containers: doing } = moment;
  if (!scheduled) return { phase, qosClass: 'Burstable' };
  if (doing.kind === 'nothing-yet') {
    return { phase, conditions: [condition('PodScheduled', 'True', timeOf(shape, 0))], qosClass: 'Burstable' };
  }
  return {
    phase,
    conditions: conditions(shape, moment),
    hostIP: '10.0.31.184',
    hostIPs: [{ ip: '10.0.31.184' }],
    ...(doing.kind === 'creating' ? {} : { podIP: '10.1.7.52', podIPs: [{ ip: '10.1.7.52' }] }),
    startTime: timeOf(shape, 0),
    containerStatuses: containerNames(shape).map((name) => containerStatus({ shape, moment, name })),
    qosClass: 'Burstable',
  };
}

function conditions(shape: PodShape, { containers: doing, phase, second }: PodMoment): readonly Json[] {
  const ready = doing.kind === 'running' && doing.ready;
  const reason = phase === 'Succeeded' ? 'PodCompleted' : 'ContainersNotReady';
  const readiness = (type: string) => ({
    ...condition(type, ready ? 'True' : 'False', timeOf(shape, ready ? 8 : Math.min(second, 1))),
    ...(ready ? {} : { reason, message: 'containers with unready status: [app]' }),
  });
  return [
    condition('PodReadyToStartContainers', doing.kind === 'creating' ? 'False' : 'True', timeOf(shape, 1)),
    condition('Initialized', 'True', timeOf(shape, 0)),
    readiness('Ready'),
    readiness('ContainersReady'),
    condition('PodScheduled', 'True', timeOf(shape, 0)),
  ];
}

function condition(type: string, status: string, lastTransitionTime: string): Json {
  return { type, observedGeneration: 1, status, lastProbeTime: null, lastTransitionTime };
}

interface StatusInput {
  readonly shape: PodShape;
  readonly moment: PodMoment;
  readonly name: string;
}

function containerStatus({ shape, moment, name }: StatusInput): Json {
  const { containers: doing, second } = moment;
  const id = `containerd://${shape.uid.replaceAll('-', '').repeat(2)}`;
  const restarts = 'restarts' in doing ? doing.restarts : 0;
  return {
    name,
    state: state({ shape, doing, second, id }),
    lastState:
      restarts > 0 && doing.kind !== 'ended' ? { terminated: terminated({ shape, second, id, exitCode: 1 }) } : {},
    ready: doing.kind === 'running' && doing.ready,
    restartCount: restarts,
    image,
    imageID: `images.example/shop/checkout-service@sha256:${shape.uid.replaceAll('-', '').repeat(2)}`,
    ...(doing.kind === 'creating' ? {} : { containerID: id }),
    started: doing.kind === 'running',
    resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '250m', memory: '256Mi' } },
  };
}

interface StateInput {
  readonly shape: PodShape;
  readonly doing: ContainersDo;
  readonly second: number;
  readonly id: string;
}

function state({ shape, doing, second, id }: StateInput): Json {
  if (doing.kind === 'running') return { running: { startedAt: timeOf(shape, doing.ready ? 3 : second) } };
  if (doing.kind === 'ended') return { terminated: terminated({ shape, second, id, exitCode: doing.exitCode }) };
  if (doing.kind === 'backing-off') {
    const message = `back-off 10s restarting failed container=app pod=${shape.name}_${shape.namespace}(${shape.uid})`;
    return { waiting: { reason: 'CrashLoopBackOff', message } };
  }
  return { waiting: { reason: 'ContainerCreating' } };
}

function terminated({ shape, second, id, exitCode }: Omit<StateInput, 'doing'> & { readonly exitCode: number }): Json {
  return {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: timeOf(shape, exitCode === 0 ? 3 : second - 3),
    finishedAt: timeOf(shape, second - 1),
    containerID: id,
  };
}
