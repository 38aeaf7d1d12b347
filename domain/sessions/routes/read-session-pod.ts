import { fieldsOf } from '../../pods/snapshot/projection/reader.ts';
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
  /** Labelled, annotated as ready for this incarnation, running, with an address, and not being deleted. */
  readonly routable: boolean;
  readonly deleting: boolean;
}

/** Reads a Pod; undefined when it is no session pod. Never throws. */
export function readSessionPod(pod: unknown): SessionPodView | undefined {
  const { metadata: rawMetadata, status: rawStatus } = fieldsOf(pod);
  const metadata = fieldsOf(rawMetadata);
  const status = fieldsOf(rawStatus);
  const labels = fieldsOf(metadata['labels']);
  const key = textOf(labels[sessionLabels.session]);
  const incarnation = parseIncarnation(labels[sessionLabels.incarnation]);
  if (!isSessionKey(key) || incarnation === undefined) return undefined;
  const address = textOf(status['podIP']);
  const deleting = textOf(metadata['deletionTimestamp']) !== '';
  const ready = parseIncarnation(fieldsOf(metadata['annotations'])[sessionAnnotations.ready]);
  return {
    key,
    incarnation,
    uid: textOf(metadata['uid']),
    namespace: textOf(metadata['namespace']),
    name: textOf(metadata['name']),
    version: textOf(metadata['resourceVersion']),
    class: textOf(labels[sessionLabels.class]),
    address,
    routable: ready === incarnation && status['phase'] === 'Running' && address !== '' && !deleting,
    deleting,
  };
}

function parseIncarnation(value: unknown): number | undefined {
  const text = textOf(value);
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
