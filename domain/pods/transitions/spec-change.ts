import type { ContainerSnapshot, PodSnapshot } from '../snapshot/pod-snapshot.ts';
import type { SpecField, Step, Transition } from './types.ts';

/** What can change in a living pod's spec and metadata. What was cut from either snapshot can't be compared. */
export function specChanged({ previous, snapshot, observedAt }: Step): Transition[] {
  if (previous === undefined) return [];
  const fields: SpecField[] = [];
  if (comparable(previous, snapshot, 'containers.image') && anyContainer(previous, snapshot, imageChanged)) {
    fields.push('image');
  }
  const quantities = ['containers.requests', 'containers.limits'];
  if (comparable(previous, snapshot, ...quantities) && anyContainer(previous, snapshot, resourcesChanged)) {
    fields.push('resources');
  }
  if (comparable(previous, snapshot, 'labels') && differ(previous.labels, snapshot.labels)) fields.push('labels');
  return fields.length === 0 ? [] : [{ type: 'SpecChanged', at: observedAt, fields }];
}

function comparable(previous: PodSnapshot, snapshot: PodSnapshot, ...fields: readonly string[]): boolean {
  const marks = [...(previous.truncated ?? []), ...(snapshot.truncated ?? [])];
  const cut = [...fields, 'containers.detail'];
  return marks.length === 0 || !marks.some((mark) => cut.some((field) => mark.startsWith(`${field} (`)));
}

type Compare = (before: ContainerSnapshot, after: ContainerSnapshot) => boolean;

function anyContainer(previous: PodSnapshot, snapshot: PodSnapshot, changed: Compare): boolean {
  const before = new Map(previous.containers.map((container) => [container.name, container]));
  return snapshot.containers.some((container) => {
    const old = before.get(container.name);
    return old !== undefined && changed(old, container);
  });
}

/** Absent on one side means that only the status names the container there. */
function imageChanged(before: ContainerSnapshot, after: ContainerSnapshot): boolean {
  return before.image !== undefined && after.image !== undefined && before.image !== after.image;
}

function resourcesChanged(before: ContainerSnapshot, after: ContainerSnapshot): boolean {
  return differ(before.requests ?? {}, after.requests ?? {}) || differ(before.limits ?? {}, after.limits ?? {});
}

function differ(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(before);
  return keys.length !== Object.keys(after).length || keys.some((key) => before[key] !== after[key]);
}
