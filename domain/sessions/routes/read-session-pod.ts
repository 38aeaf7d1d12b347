import { fieldsOf, integerOf, itemsOf } from '../../pods/snapshot/projection/reader.ts';
import { sessionAnnotations, sessionLabels } from '../identity/session-names.ts';
import { isSessionKey } from '../identity/session-key.ts';

/** What routing looks at of a session pod. */
export interface SessionPodView {
  readonly key: string;
  readonly incarnation: number;
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly class: string;
  /** Empty before it has one. */
  readonly address: string;
  /** Of the container port named `http`; 0 when it has none. */
  readonly port: number;
  /** The owner annotation, `<kid>.<mac>`; not verified yet. */
  readonly owner: string;
  /** The part of it before the dot. */
  readonly kid: string;
  /** Labelled, annotated as ready for this incarnation, running, with an address, and not being deleted. */
  readonly routable: boolean;
  readonly deleting: boolean;
  /** All its containers have ended for good; it answers nothing any more. */
  readonly ended: boolean;
}

/** Reads a Pod; undefined when it is no session pod. Never throws. */
export function readSessionPod(pod: unknown): SessionPodView | undefined {
  const { metadata: rawMetadata, spec, status: rawStatus } = fieldsOf(pod);
  const metadata = fieldsOf(rawMetadata);
  const status = fieldsOf(rawStatus);
  const labels = fieldsOf(metadata['labels']);
  const key = textOf(labels[sessionLabels.session]);
  const incarnation = parseIncarnation(labels[sessionLabels.incarnation]);
  if (!isSessionKey(key) || incarnation === undefined) return undefined;
  const address = textOf(status['podIP']);
  const deleting = textOf(metadata['deletionTimestamp']) !== '';
  const annotations = fieldsOf(metadata['annotations']);
  const ready = parseIncarnation(annotations[sessionAnnotations.ready]);
  const owner = textOf(annotations[sessionAnnotations.owner]);
  const phase = status['phase'];
  return {
    key,
    incarnation,
    uid: textOf(metadata['uid']),
    namespace: textOf(metadata['namespace']),
    name: textOf(metadata['name']),
    version: textOf(metadata['resourceVersion']),
    class: textOf(labels[sessionLabels.class]),
    address,
    port: httpPort(spec),
    owner,
    kid: owner.slice(0, Math.max(owner.indexOf('.'), 0)),
    routable: ready === incarnation && phase === 'Running' && address !== '' && !deleting,
    deleting,
    ended: phase === 'Succeeded' || phase === 'Failed',
  };
}

/** The one named so by whoever made the pod: its class may have changed since. */
function httpPort(spec: unknown): number {
  for (const container of itemsOf(fieldsOf(spec)['containers'])) {
    for (const port of itemsOf(fieldsOf(container)['ports'])) {
      const { name, containerPort } = fieldsOf(port);
      if (name === 'http') return integerOf(containerPort) ?? 0;
    }
  }
  return 0;
}

function parseIncarnation(value: unknown): number | undefined {
  const text = textOf(value);
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
