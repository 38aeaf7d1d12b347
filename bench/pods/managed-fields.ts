import type { Json } from './pod-shape.ts';

/**
 * `metadata.managedFields` as the API server keeps them: every field that the controller set, and every field of the
 * status, is named once more. In real clusters that is a third to a half of a Pod.
 */
export function managedFields({
  labels,
  spec,
  status,
  time,
}: {
  readonly labels: Json;
  readonly spec: Json;
  readonly status: Json;
  readonly time: string;
}): readonly Json[] {
  const common = { operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1' };
  return [
    {
      ...common,
      manager: 'kube-controller-manager',
      fieldsV1: { 'f:metadata': { 'f:generateName': {}, 'f:labels': fieldsOf(labels) }, 'f:spec': fieldsOf(spec) },
    },
    { ...common, manager: 'kubelet', fieldsV1: { 'f:status': fieldsOf(status) }, subresource: 'status' },
  ];
}

function fieldsOf(value: unknown): Json {
  if (Array.isArray(value)) return Object.fromEntries(value.filter(isObject).map((item) => [keyOf(item), ownOf(item)]));
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [`f:${name}`, fieldsOf(member)]));
}

function ownOf(item: Json): Json {
  return { '.': {}, ...fieldsOf(item) };
}

/** List items are named by their merge key. */
function keyOf(item: Json): string {
  const [key, value] = Object.entries(item).find(([name]) => ['name', 'type', 'key', 'ip'].includes(name)) ?? ['', ''];
  return `k:${JSON.stringify({ [key]: value })}`;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
