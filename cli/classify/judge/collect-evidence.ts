import type { PodSnapshot } from '../../../domain/pods/snapshot/pod-snapshot.ts';
import type { EventEvidence, VerdictEvidence } from '../../../domain/pods/verdict/evidence.ts';
import { parseEvent } from './parse-event.ts';
import { type NamedNode, parseNode } from './parse-node.ts';
import type { SourcedObject } from '../read/object-finder.ts';

/** Events and nodes, found again by the pod they concern. */
export interface EvidenceCollector {
  /** Takes an Event or a Node in; gives the fault, beginning with its path, when it is neither or malformed. */
  add(object: SourcedObject): string | undefined;
  /** Undefined when nothing was collected. */
  of(snapshot: PodSnapshot): VerdictEvidence | undefined;
}

/** `before`: evidence that counts too, such as that of the files named on the command line. */
export function createEvidenceCollector(before?: EvidenceCollector): EvidenceCollector {
  const events = new Map<string, EventEvidence[]>();
  const nodes = new Map<string, NamedNode>();
  return {
    add({ kind, value, path }) {
      if (kind !== 'Event' && kind !== 'Node') return `${at(path)}kind is ${kind === '' ? 'missing' : kind}`;
      const parsed = kind === 'Event' ? parseEvent(value) : parseNode(value);
      if ('fault' in parsed) return `${at(path)}${parsed.fault}`;
      if ('node' in parsed) nodes.set(parsed.node.name, parsed.node);
      else {
        const known = events.get(parsed.key);
        if (known === undefined) events.set(parsed.key, [parsed.event]);
        else known.push(parsed.event);
      }
      return undefined;
    },
    // Only Events whose subject has the pod's namespace and name; the engine then compares the uid.
    of(snapshot) {
      const ofPod = events.get(`Pod/${snapshot.namespace}/${snapshot.name}`) ?? [];
      const ofNode = events.get(`Node//${snapshot.nodeName ?? ''}`) ?? [];
      const found = [...(snapshot.uid === '' ? ofPod.map(withoutUid) : ofPod), ...ofNode];
      const node = nodes.get(snapshot.nodeName ?? '');
      const earlier = before?.of(snapshot);
      if (found.length === 0 && node === undefined) return earlier;
      return {
        ...earlier,
        events: [...(earlier?.events ?? []), ...found],
        ...(node === undefined ? {} : { node }),
      };
    },
  };
}

/** A Pod in a file may have lost its uid; namespace and name have to do then. */
function withoutUid({ regarding, ...event }: EventEvidence): EventEvidence {
  if (regarding === undefined) return event;
  const { uid: _uid, ...subject } = regarding;
  return { ...event, regarding: subject };
}

function at(path: string): string {
  return path === '' ? '' : `${path}.`;
}
