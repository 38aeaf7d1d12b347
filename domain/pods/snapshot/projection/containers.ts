import type { ContainerSnapshot, ContainerType } from '../pod-snapshot.ts';
import { projectContainerDetail, projectRestartRules } from './container-spec.ts';
import { projectContainerStatus } from './container-state.ts';
import { containerTrouble, type Trouble } from './container-trouble.ts';
import { type BoundedReader, type Draft, type Fields, fieldsOf, itemsOf } from './reader.ts';

/** A container as the Pod has it: in the spec, in the status, or in both. */
interface RawContainer {
  readonly name: string;
  readonly type: ContainerType;
  readonly spec: Fields;
  readonly status: Fields | undefined;
  readonly trouble: Trouble;
}

const sources = [
  { spec: 'initContainers', status: 'initContainerStatuses', type: 'init' },
  { spec: 'containers', status: 'containerStatuses', type: 'app' },
  { spec: 'ephemeralContainers', status: 'ephemeralContainerStatuses', type: 'ephemeral' },
] as const;

/** Projects init, app and ephemeral containers, in the order of the Pod; when there are too many, the healthy ones go. */
export function projectContainers(spec: Fields, status: Fields, reader: BoundedReader): ContainerSnapshot[] {
  const found = sources.flatMap((source) =>
    joinContainers({ specs: spec[source.spec], statuses: status[source.status], type: source.type, reader }),
  );
  return mostTroubled(found, reader).map((container) => projectContainer(container, reader));
}

interface ContainerLists {
  readonly specs: unknown;
  readonly statuses: unknown;
  readonly type: 'init' | 'app' | 'ephemeral';
  readonly reader: BoundedReader;
}

function joinContainers({ specs, statuses, type, reader }: ContainerLists): RawContainer[] {
  const statusOf = new Map<string, Fields>();
  for (const item of itemsOf(statuses)) {
    const status = fieldsOf(item);
    if (isName(status.name)) statusOf.set(status.name, status);
  }
  const joined: RawContainer[] = [];
  for (const item of itemsOf(specs)) {
    const spec = fieldsOf(item);
    if (!isName(spec.name)) {
      reader.note('containers', 'dropped');
      continue;
    }
    const status = statusOf.get(spec.name);
    statusOf.delete(spec.name);
    const sidecar = type === 'init' && spec.restartPolicy === 'Always';
    joined.push({ name: spec.name, type: sidecar ? 'sidecar' : type, spec, status, trouble: containerTrouble(status) });
  }
  for (const [name, status] of statusOf) {
    joined.push({ name, type, spec: fieldsOf(undefined), status, trouble: containerTrouble(status) });
  }
  return joined;
}

function mostTroubled(found: readonly RawContainer[], reader: BoundedReader): readonly RawContainer[] {
  const { containers: limit } = reader.limits;
  if (found.length <= limit) return found;
  reader.note('containers', 'dropped', found.length - limit);
  const kept = new Set(found.toSorted((a, b) => b.trouble - a.trouble).slice(0, limit));
  return found.filter((container) => kept.has(container));
}

function projectContainer(
  { name, type, spec, status, trouble }: RawContainer,
  reader: BoundedReader,
): ContainerSnapshot {
  const draft: Draft<ContainerSnapshot> = {
    name: reader.text(name, reader.limits.name, 'containers.name') ?? name,
    type,
    ...projectRestartRules(spec, reader),
  };
  const { failingDetail, healthyDetail } = reader.limits;
  if (trouble > 0 ? failingDetail : healthyDetail) {
    Object.assign(draft, projectContainerDetail(spec, spec.image ?? status?.image, reader));
  } else {
    reader.note('containers.detail', 'dropped');
  }
  if (status !== undefined) draft.status = projectContainerStatus(status, reader);
  return draft;
}

/** Names have at most 63 characters; one that is far longer belongs to no real container. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 253;
}
