/** The least a Pod can be. */
export interface TestObject {
  readonly kind: 'Pod';
  readonly metadata: {
    readonly uid: string;
    readonly namespace: string;
    readonly name: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export interface TestObjectInput {
  readonly name: string;
  readonly version: number;
  readonly uid?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export function pod({
  name,
  version,
  uid = `uid-${name}`,
  namespace = 'default',
  labels,
}: TestObjectInput): TestObject {
  const metadata = { uid, namespace, name, resourceVersion: String(version), ...(labels && { labels }) };
  return { kind: 'Pod', metadata };
}

/** `known` as a caller would bring it: what a reflector knew of these objects. */
export function knownFrom(objects: readonly TestObject[]) {
  return new Map(
    objects.map(({ metadata: { uid, namespace, name, resourceVersion } }) => [
      uid,
      { namespace, name, version: resourceVersion },
    ]),
  );
}

export function statusBody(code: number, reason: string) {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `a test's ${reason}` };
}
