import type { CoreV1Event } from '@kubernetes/client-node';
import type { RecordedChange } from '../../../dev/record/recording.ts';
import type { EventEvidence } from '../../../domain/pods/verdict/evidence.ts';
import type { AsSent } from '../../../platform/kubernetes/client/as-sent.ts';

/** A recorded Event as the verdict engine takes it. */
export function eventEvidence({ object }: RecordedChange): EventEvidence {
  const event = object as unknown as AsSent<CoreV1Event>;
  const { name, uid, kind = '', fieldPath } = event.involvedObject;
  const count = event.count ?? event.series?.count;
  // Written either by the old recorder (timestamps, count) or by the new one (eventTime, series), with null for the other's.
  const firstSeenAt = event.firstTimestamp ?? event.eventTime;
  const lastSeenAt = event.lastTimestamp ?? event.series?.lastObservedTime ?? event.eventTime;
  return {
    reason: event.reason ?? '',
    regarding: { kind, ...(name !== undefined && { name }), ...(uid !== undefined && { uid }) },
    ...(event.message !== undefined && { message: event.message }),
    ...(fieldPath !== undefined && { fieldPath }),
    ...(count !== undefined && { count }),
    ...(firstSeenAt !== undefined && { firstSeenAt }),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
  };
}
