import { type Fields, fieldsOf } from '../../../domain/pods/snapshot/projection/reader.ts';
import { isInteger, isText, isTime, objectOf, optional } from '../../../domain/pods/snapshot/validation/checks.ts';
import type { EventEvidence } from '../../../domain/pods/verdict/evidence.ts';

export interface ParsedEvent {
  /** What it is about: `Pod/<namespace>/<name>`, `Node//<name>`. */
  readonly key: string;
  readonly event: EventEvidence;
}

const subject = optional(
  objectOf({
    kind: isText,
    name: isText,
    namespace: optional(isText),
    uid: optional(isText),
    fieldPath: optional(isText),
  }),
);

const eventCheck = objectOf({
  reason: isText,
  message: optional(isText),
  note: optional(isText),
  involvedObject: subject,
  regarding: subject,
  count: optional(isInteger),
  deprecatedCount: optional(isInteger),
  firstTimestamp: optional(isTime),
  lastTimestamp: optional(isTime),
  deprecatedFirstTimestamp: optional(isTime),
  deprecatedLastTimestamp: optional(isTime),
  eventTime: optional(isTime),
  series: optional(objectOf({ count: optional(isInteger), lastObservedTime: optional(isTime) })),
});

/** Reads an Event of v1 or of events.k8s.io/v1. Messages are cut to what a verdict may quote. */
export function parseEvent(value: Fields): ParsedEvent | { readonly fault: string } {
  const fault = eventCheck(value, '');
  if (fault !== undefined) return { fault };
  const about = fieldsOf(value.involvedObject ?? value.regarding);
  if (typeof about.kind !== 'string') return { fault: 'involvedObject is missing' };
  const { kind, name, namespace, uid, fieldPath } = about as Record<string, string | undefined>;
  const series = fieldsOf(value.series);
  const message = firstText(value.message, value.note)?.slice(0, 1024);
  const count = firstNumber(series.count, value.count, value.deprecatedCount);
  const firstSeenAt = firstText(value.firstTimestamp, value.deprecatedFirstTimestamp, value.eventTime);
  const lastSeenAt = firstText(series.lastObservedTime, value.lastTimestamp, value.deprecatedLastTimestamp);
  return {
    key: kind === 'Node' ? `Node//${name ?? ''}` : `${kind ?? ''}/${namespace ?? ''}/${name ?? ''}`,
    event: {
      reason: value.reason as string,
      regarding: {
        kind: kind ?? '',
        ...(name === undefined ? {} : { name }),
        ...(uid === undefined ? {} : { uid }),
      },
      ...(message === undefined ? {} : { message }),
      ...(fieldPath === undefined ? {} : { fieldPath }),
      ...(count === undefined ? {} : { count }),
      ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
      ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    },
  };
}

/** The first that is given. */
function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === 'string');
}

function firstNumber(...values: readonly unknown[]): number | undefined {
  return values.find((value) => typeof value === 'number');
}
