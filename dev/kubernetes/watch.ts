import { createLineSplitter } from '../../platform/kubernetes/reflector/stream/split-lines.ts';
import type { KubernetesApi } from './api.ts';

/** An object as it came over the wire. */
export interface RawObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string } & Readonly<Record<string, unknown>>;
  readonly [section: string]: unknown;
}

/** One line of a watch. */
export interface RawChange {
  /** ADDED, MODIFIED or DELETED. */
  readonly type: string;
  readonly object: RawObject;
}

/**
 * Watches all objects below a collection's path, from a list on; what the list holds is given first, as ADDED, as
 * `kubectl get --watch` does. Kept apart from the reflector on purpose: what is recorded or demonstrated is the judge of it.
 * Throws when the server ends the stream; returns once the signal is aborted.
 */
export async function watchCollection(input: {
  readonly api: KubernetesApi;
  readonly path: string;
  /** For list and watch, such as a labelSelector. */
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onListed?: () => void;
  readonly onChange: (change: RawChange) => void;
}): Promise<void> {
  const { api, path, signal, onChange } = input;
  try {
    const list = (await api.call({ path, signal, ...(input.query && { query: input.query }) })) as ObjectList;
    for (const item of list.items) {
      onChange({
        type: 'ADDED',
        object: { ...item, kind: list.kind.replace(/List$/, ''), apiVersion: list.apiVersion },
      });
    }
    const query = { ...input.query, watch: 'true', resourceVersion: list.metadata.resourceVersion };
    const stream = await api.stream({ path, query, signal });
    input.onListed?.();
    await readChanges(stream, onChange);
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  throw new Error(`The API server ended the watch of ${path}.`);
}

interface ObjectList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion: string };
  /** Items of a list carry neither kind nor apiVersion. */
  readonly items: readonly Omit<RawObject, 'kind'>[] & readonly RawObject[];
}

async function readChanges(stream: AsyncIterable<Uint8Array>, onChange: (change: RawChange) => void): Promise<void> {
  const splitter = createLineSplitter();
  for await (const chunk of stream) {
    for (const line of splitter.push(chunk)) {
      const change = JSON.parse(Buffer.from(line).toString()) as RawChange;
      if (change.type === 'ERROR') throw new Error(`The watch ended with an error: ${JSON.stringify(change.object)}`);
      onChange(change);
    }
  }
}
