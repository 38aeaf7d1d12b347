/** A Kubernetes object as a person would write it down to apply it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [section: string]: unknown;
}

/** Which object is meant. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const clusterKinds: ReadonlySet<string> = new Set(['Namespace', 'Node', 'PriorityClass']);

/** The path of an object, in `namespace` unless its kind has none. Plurals are those of the kinds used here. */
export function objectPath(namespace: string, { apiVersion, kind, metadata }: ObjectReference): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = clusterKinds.has(kind) ? '' : `/namespaces/${namespace}`;
  const plural = kind.endsWith('s') ? `${kind.toLowerCase()}es` : `${kind.toLowerCase()}s`;
  return `${group}${scope}/${plural}/${metadata.name}`;
}
