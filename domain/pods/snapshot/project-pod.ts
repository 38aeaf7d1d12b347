import type { PodSnapshot } from './pod-snapshot.ts';
import { projectConditions } from './projection/conditions.ts';
import { projectContainers } from './projection/containers.ts';
import { fitsSnapshotLimit } from './projection/fits.ts';
import { harshestLimits, projectionLevels, type ProjectionLimits } from './projection/limits.ts';
import { projectMetadata, projectNames } from './projection/metadata.ts';
import { BoundedReader, type Draft, type Fields, fieldsOf, integerOf } from './projection/reader.ts';

/**
 * Copies what a verdict, a transition or a rule may look at out of a Pod. Takes any value and never throws: what is
 * missing or of the wrong type is absent (`podFault` says where a Pod is malformed). The snapshot never takes more than
 * 32,000 bytes of UTF-8 JSON; what was left out for that is named in `truncated`.
 */
export function projectPod(object: unknown): PodSnapshot {
  const pod = fieldsOf(object);
  for (const limits of projectionLevels) {
    const snapshot = projectWithin(pod, limits);
    if (fitsSnapshotLimit(snapshot)) return snapshot;
  }
  return projectWithin(pod, harshestLimits);
}

function projectWithin(pod: Fields, limits: ProjectionLimits): PodSnapshot {
  const reader = new BoundedReader(limits);
  const spec = fieldsOf(pod.spec);
  const status = fieldsOf(pod.status);
  const { gates } = limits;
  const draft: Draft<PodSnapshot> = {
    ...projectMetadata(fieldsOf(pod.metadata), reader),
    phase: reader.word(status.phase, 'phase') ?? '',
    schedulingGates: projectNames(spec.schedulingGates, reader, {
      limit: gates,
      path: 'schedulingGates',
      field: 'name',
    }),
    readinessGates: projectNames(spec.readinessGates, reader, {
      limit: gates,
      path: 'readinessGates',
      field: 'conditionType',
    }),
    conditions: projectConditions(status.conditions, reader),
    containers: projectContainers(spec, status, reader),
  };
  addStatus(draft, status, reader);
  addSpec(draft, spec, reader);
  const truncated = reader.marks();
  if (truncated !== undefined) draft.truncated = truncated;
  return draft;
}

function addStatus(draft: Draft<PodSnapshot>, status: Fields, reader: BoundedReader): void {
  const reason = reader.word(status.reason, 'reason');
  if (reason !== undefined) draft.reason = reason;
  const message = reader.message(status.message, 'message');
  if (message !== undefined) draft.message = message;
  const qosClass = reader.word(status.qosClass, 'qosClass');
  if (qosClass !== undefined) draft.qosClass = qosClass;
  const startTime = reader.word(status.startTime, 'startTime');
  if (startTime !== undefined) draft.startTime = startTime;
}

function addSpec(draft: Draft<PodSnapshot>, spec: Fields, reader: BoundedReader): void {
  const nodeName = reader.text(spec.nodeName, reader.limits.name, 'nodeName');
  if (nodeName !== undefined) draft.nodeName = nodeName;
  const restartPolicy = reader.word(spec.restartPolicy, 'restartPolicy');
  if (restartPolicy !== undefined) draft.restartPolicy = restartPolicy;
  const grace = integerOf(spec.terminationGracePeriodSeconds);
  if (grace !== undefined) draft.terminationGracePeriodSeconds = grace;
  const deadline = integerOf(spec.activeDeadlineSeconds);
  if (deadline !== undefined) draft.activeDeadlineSeconds = deadline;
}
