import type { EventEvidence } from '../evidence.ts';
import type { PodSnapshot } from '../../snapshot/pod-snapshot.ts';
import type { Evidence } from '../types.ts';
import { parseTime } from './time.ts';

/** An Event with its times parsed (milliseconds); unknown times are undefined. */
export interface IndexedEvent {
  readonly event: EventEvidence;
  readonly message: string;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
}

/** Events of one reason. */
interface SameReason {
  readonly all: IndexedEvent[];
  readonly byContainer: Map<string, IndexedEvent[]>;
}

/** Events by reason and container, those of other pods and other nodes left out. */
export type EventIndex = ReadonlyMap<string, SameReason>;

const nothing: EventIndex = new Map();
const containerOfFieldPath = /\{([^{}]*)\}$/;
const containerOfMessage = /^Container (\S+) failed /;

/** Indexes once, so that no rule scans all Events for each container. */
export function indexEvents(events: readonly EventEvidence[] | undefined, snapshot: PodSnapshot): EventIndex {
  if (events === undefined || events.length === 0) return nothing;
  const index = new Map<string, SameReason>();
  for (const event of events) {
    if (!concerns(event, snapshot)) continue;
    const message = event.message ?? '';
    const lastAt = parseTime(event.lastSeenAt) ?? parseTime(event.firstSeenAt);
    const firstAt = parseTime(event.firstSeenAt) ?? lastAt;
    const container = containerOfFieldPath.exec(event.fieldPath ?? '')?.[1] ?? containerOfMessage.exec(message)?.[1];
    const entry = { event, message, firstAt, lastAt };
    const same = getOrAdd(index, event.reason, () => ({ all: [], byContainer: new Map() }));
    same.all.push(entry);
    if (container !== undefined) getOrAdd(same.byContainer, container, () => []).push(entry);
  }
  return index;
}

/** The Events with one of these reasons; with `container`, only those that name it. */
export function eventsOf(index: EventIndex, reasons: readonly string[], container?: string): readonly IndexedEvent[] {
  if (index.size === 0) return [];
  return reasons.flatMap((reason) => {
    const same = index.get(reason);
    return (container === undefined ? same?.all : same?.byContainer.get(container)) ?? [];
  });
}

/** The newest of these Events; an Event without a time counts as oldest. */
export function newestEvent(events: readonly IndexedEvent[]): IndexedEvent | undefined {
  return events.reduce<IndexedEvent | undefined>(
    (best, entry) => (best === undefined || (entry.lastAt ?? 0) > (best.lastAt ?? 0) ? entry : best),
    undefined,
  );
}

/** An Event as evidence: its reason as path, its message and count as value. */
export function eventEvidence({ event, message }: IndexedEvent): Evidence {
  const times = event.count !== undefined && event.count > 1 ? ` (seen ${event.count} times)` : '';
  const observedAt = event.lastSeenAt ?? event.firstSeenAt;
  return {
    source: 'event',
    path: event.reason,
    value: `${message}${times}`,
    ...(observedAt === undefined ? {} : { observedAt }),
  };
}

function getOrAdd<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function concerns({ regarding }: EventEvidence, snapshot: PodSnapshot): boolean {
  if (regarding === undefined) return true;
  if (regarding.kind === 'Node') return regarding.name === undefined || regarding.name === snapshot.nodeName;
  if (regarding.uid !== undefined) return regarding.uid === snapshot.uid;
  return regarding.name === undefined || regarding.name === snapshot.name;
}
