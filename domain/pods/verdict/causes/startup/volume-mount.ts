import { eventEvidence, eventsOf, newestEvent } from '../../context/events.ts';
import { createDraft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';
import { stalledFor } from './startup-progress.ts';

/** A volume that cannot be attached or mounted. Only Events tell; a pod may wait for a slow volume for a while. */
export const findVolumeMountFailure: Rule = (context) => {
  if (context.events.size === 0) return [];
  const waited = stalledFor(context);
  if (waited === undefined || waited < context.windows.startupSeconds * 1000) return [];
  const reasons = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'];
  const event = newestEvent(eventsOf(context.events, reasons));
  if (event === undefined) return [];
  const volume = /volume "([^"]+)"/i.exec(event.message.slice(0, 2048))?.[1];
  const missing = /(configmap|secret|persistentvolumeclaim) "([^"]+)" not found/i.exec(event.message.slice(0, 2048));
  return [
    createDraft({
      cause: 'VolumeMountFailed',
      confidence: 'confirmed',
      at: event.lastAt ?? context.now,
      detail: volume,
      summary: `the pod waits for ${volume === undefined ? 'a volume' : `volume ${volume}`}: ${event.message}`,
      remedy:
        missing?.[2] === undefined
          ? `check ${volume === undefined ? 'the volumes of the pod' : `volume ${volume}`}, its storage driver and the node`
          : `create ${missing[1]?.toLowerCase() ?? ''} ${missing[2]}, or correct its name in the pod`,
      evidence: [eventEvidence(event)],
    }),
  ];
};
