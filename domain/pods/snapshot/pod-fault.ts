import {
  type Check,
  isBoolean,
  isCount,
  isInteger,
  isQuantity,
  isText,
  isTime,
  listOf,
  mapOf,
  matching,
  objectOf,
  optional,
} from './validation/checks.ts';
import { conditionsCheck } from './validation/conditions.ts';

export interface PodFaultOptions {
  /** Files may hold a Pod whose uid was edited out: its verdict does not depend on it. Without it a run has no id. */
  readonly uid: 'required' | 'optional';
}

/**
 * Says where an object is not a well-formed Pod, beginning with the path (`metadata.uid is missing`); undefined when it
 * is one. Looks at identity and at every field that `projectPod` reads, at nothing else. Never throws.
 */
export function podFault(object: unknown, { uid }: PodFaultOptions = { uid: 'required' }): string | undefined {
  return (uid === 'required' ? storedPod : podInFile)(object, '');
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const objectName = matching(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'a Kubernetes object name');
const namespaceName = matching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a namespace name');
const uidText = matching(/^[A-Za-z0-9][-A-Za-z0-9._:]{0,127}$/, 'a uid');
const versionText = matching(/^[\x21-\x7e]{0,128}$/, 'a resourceVersion');
const containerName = matching(/^[\x21-\x7e]{1,253}$/, 'a container name');

const probe = optional(
  objectOf({
    initialDelaySeconds: optional(isInteger),
    periodSeconds: optional(isInteger),
    failureThreshold: optional(isInteger),
    timeoutSeconds: optional(isInteger),
    terminationGracePeriodSeconds: optional(isInteger),
  }),
);

const quantities = optional(mapOf(isQuantity));

const containers = optional(
  listOf(
    objectOf({
      name: containerName,
      image: optional(isText),
      restartPolicy: optional(isText),
      restartPolicyRules: optional(
        listOf(
          objectOf({
            action: isText,
            exitCodes: optional(objectOf({ operator: optional(isText), values: optional(listOf(isInteger)) })),
          }),
        ),
      ),
      resources: optional(objectOf({ requests: quantities, limits: quantities })),
      livenessProbe: probe,
      readinessProbe: probe,
      startupProbe: probe,
      lifecycle: optional(objectOf({ postStart: optional(objectOf({})), preStop: optional(objectOf({})) })),
    }),
  ),
);

const state = optional(
  objectOf({
    waiting: optional(objectOf({ reason: optional(isText), message: optional(isText) })),
    running: optional(objectOf({ startedAt: optional(isTime) })),
    terminated: optional(
      objectOf({
        exitCode: isInteger,
        signal: optional(isInteger),
        reason: optional(isText),
        message: optional(isText),
        startedAt: optional(isTime),
        finishedAt: optional(isTime),
      }),
    ),
  }),
);

const containerStatuses = optional(
  listOf(
    objectOf({
      name: containerName,
      image: optional(isText),
      ready: optional(isBoolean),
      started: optional(isBoolean),
      restartCount: optional(isCount),
      state,
      lastState: state,
    }),
  ),
);

const spec = objectOf({
  nodeName: optional(isText),
  restartPolicy: optional(isText),
  terminationGracePeriodSeconds: optional(isInteger),
  activeDeadlineSeconds: optional(isInteger),
  schedulingGates: optional(listOf(objectOf({ name: isText }))),
  readinessGates: optional(listOf(objectOf({ conditionType: isText }))),
  initContainers: containers,
  containers,
  ephemeralContainers: containers,
});

const status = objectOf({
  phase: optional(isText),
  reason: optional(isText),
  message: optional(isText),
  qosClass: optional(isText),
  startTime: optional(isTime),
  conditions: conditionsCheck,
  initContainerStatuses: containerStatuses,
  containerStatuses,
  ephemeralContainerStatuses: containerStatuses,
});

function podCheck(uid: Check): Check {
  return objectOf({
    apiVersion: optional(matching(/^v1$/, 'v1')),
    kind: optional(matching(/^Pod$/, 'Pod')),
    metadata: objectOf({
      name: objectName,
      namespace: optional(namespaceName),
      uid,
      resourceVersion: optional(versionText),
      creationTimestamp: optional(isTime),
      labels: optional(mapOf(isText)),
      ownerReferences: optional(
        listOf(objectOf({ kind: isText, name: isText, uid: optional(isText), controller: optional(isBoolean) })),
      ),
      deletionTimestamp: optional(isTime),
      deletionGracePeriodSeconds: optional(isInteger),
      finalizers: optional(listOf(isText)),
    }),
    spec: optional(spec),
    status: optional(status),
  });
}

const storedPod = podCheck(uidText);
const podInFile = podCheck(optional(uidText));
