import { managedFields } from './managed-fields.ts';
import type { PodMoment } from './moments.ts';
import { type Json, type PodShape, timeOf } from './pod-shape.ts';
import { podSpec } from './pod-spec.ts';
import { podStatus } from './pod-status.ts';

const graceSeconds = 30;

/** The Pod at one moment of its life, parsed from JSON as the watch gets it: about 8 KB with one container. */
export function podObject(input: {
  readonly shape: PodShape;
  readonly moment: PodMoment;
  readonly version: number;
}): unknown {
  const { shape, moment, version } = input;
  const labels = {
    app: 'checkout',
    'app.kubernetes.io/name': 'checkout',
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/version': '2.41.7',
    'pod-template-hash': '69fc94cb9f',
  };
  const spec = podSpec(shape, moment.scheduled);
  const status = podStatus(shape, moment);
  const metadata: Json = {
    name: shape.name,
    generateName: 'checkout-69fc94cb9f-',
    namespace: shape.namespace,
    uid: shape.uid,
    resourceVersion: String(version),
    generation: 1,
    creationTimestamp: timeOf(shape, 0),
    ...deletion(shape, moment),
    labels,
    annotations: { 'metrics.example/scrape': 'true', 'metrics.example/port': '8080' },
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        name: 'checkout-69fc94cb9f',
        uid: '5d9503fa-1e88-413b-9bc5-1f510ff69060',
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    managedFields: managedFields({ labels, spec, status, time: timeOf(shape, moment.second) }),
  };
  return JSON.parse(JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata, spec, status }));
}

/** The kubelet's final delete rewrites the time and sets the grace period to 0. */
function deletion(shape: PodShape, { deletingSince, operation, second }: PodMoment): Json {
  if (deletingSince === undefined) return {};
  return operation === 'delete'
    ? { deletionTimestamp: timeOf(shape, second), deletionGracePeriodSeconds: 0 }
    : { deletionTimestamp: timeOf(shape, deletingSince + graceSeconds), deletionGracePeriodSeconds: graceSeconds };
}
