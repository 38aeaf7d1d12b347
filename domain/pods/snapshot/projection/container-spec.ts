import type { ContainerSnapshot, ProbeSnapshot, RestartRuleSnapshot } from '../pod-snapshot.ts';
import { type BoundedReader, type Draft, type Fields, fieldsOf, integerOf, itemsOf } from './reader.ts';

type SpecPart = Omit<ContainerSnapshot, 'name' | 'type' | 'status'>;

/** What the kubelet acts on whatever else has to be cut: the container's own restart policy and its rules. */
export function projectRestartRules(spec: Fields, reader: BoundedReader): SpecPart {
  const draft: Draft<SpecPart> = {};
  const restartPolicy = reader.word(spec.restartPolicy, 'containers.restartPolicy');
  if (restartPolicy !== undefined) draft.restartPolicy = restartPolicy;
  const rules = reader.list(spec.restartPolicyRules, reader.limits.restartRules, 'containers.restartPolicyRules');
  if (rules.length > 0) draft.restartPolicyRules = rules.map((rule) => projectRule(fieldsOf(rule), reader));
  return draft;
}

/** Image, resources, probes and hooks. */
export function projectContainerDetail(spec: Fields, image: unknown, reader: BoundedReader): SpecPart {
  const draft: Draft<SpecPart> = {};
  const imageName = reader.text(image, reader.limits.image, 'containers.image');
  if (imageName !== undefined) draft.image = imageName;
  const resources = fieldsOf(spec.resources);
  const requests = projectQuantities(resources.requests, reader, 'containers.requests');
  if (requests !== undefined) draft.requests = requests;
  const limits = projectQuantities(resources.limits, reader, 'containers.limits');
  if (limits !== undefined) draft.limits = limits;
  const liveness = projectProbe(spec.livenessProbe);
  if (liveness !== undefined) draft.liveness = liveness;
  const readiness = projectProbe(spec.readinessProbe);
  if (readiness !== undefined) draft.readiness = readiness;
  const startup = projectProbe(spec.startupProbe);
  if (startup !== undefined) draft.startup = startup;
  const lifecycle = fieldsOf(spec.lifecycle);
  if (isObject(lifecycle.postStart)) draft.postStart = true;
  if (isObject(lifecycle.preStop)) draft.preStop = true;
  return draft;
}

/** Defaults: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe */
function projectProbe(value: unknown): ProbeSnapshot | undefined {
  if (!isObject(value)) return undefined;
  const probe = fieldsOf(value);
  const draft: Draft<ProbeSnapshot> = {
    initialDelaySeconds: integerOf(probe.initialDelaySeconds) ?? 0,
    periodSeconds: integerOf(probe.periodSeconds) ?? 10,
    failureThreshold: integerOf(probe.failureThreshold) ?? 3,
    timeoutSeconds: integerOf(probe.timeoutSeconds) ?? 1,
  };
  const grace = integerOf(probe.terminationGracePeriodSeconds);
  if (grace !== undefined) draft.terminationGracePeriodSeconds = grace;
  return draft;
}

function projectRule(rule: Fields, reader: BoundedReader): RestartRuleSnapshot {
  const draft: Draft<RestartRuleSnapshot> = { action: reader.word(rule.action, 'containers.restartPolicyRules') ?? '' };
  const { operator, values } = fieldsOf(rule.exitCodes);
  const operatorName = reader.word(operator, 'containers.restartPolicyRules');
  if (operatorName !== undefined) draft.operator = operatorName;
  if (itemsOf(values).length > 0) {
    draft.exitCodes = reader
      .list(values, reader.limits.exitCodes, 'containers.restartPolicyRules.exitCodes')
      .map(integerOf)
      .filter((code) => code !== undefined);
  }
  return draft;
}

/** cpu, memory and the like; YAML allows numbers where JSON from an API server always has strings. */
function projectQuantities(value: unknown, reader: BoundedReader, path: string): ContainerSnapshot['limits'] {
  const quantities = fieldsOf(value);
  const names = reader.keys(quantities, { limit: reader.limits.resources, longest: reader.limits.word, path });
  if (names.length === 0) return undefined;
  const draft: Record<string, string> = {};
  for (const name of names) {
    const quantity = quantities[name];
    const text = reader.word(typeof quantity === 'number' ? String(quantity) : quantity, path);
    if (text !== undefined) draft[name] = text;
  }
  return draft;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
