import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectPod } from '../../../../domain/pods/snapshot/project-pod.ts';
import { buildPod, type Json, probe, terminated, waiting } from '../../../helpers/pods.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

function expectBounded(object: unknown): void {
  const snapshot = projectPod(object);
  const json = JSON.stringify(snapshot);
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(32_000);
  // What travels through a payload must come out as it went in.
  expect(JSON.parse(json)).toEqual(snapshot);
}

const realPod = buildPod({
  owner: 'ReplicaSet',
  metadata: { labels: { app: 'web', tier: 'front' }, finalizers: ['a/b'] },
  containers: [
    { name: 'app', lastState: terminated({ exitCode: 137 }), restarts: 3, spec: { livenessProbe: probe() } },
    { name: 'init', type: 'init', state: waiting('CrashLoopBackOff', 'back-off'), ready: false },
    { name: 'debug', type: 'ephemeral' },
  ],
});

/** Every path in an object that leads to something. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, by) : item));
  return { ...(value as Json), [key]: replaced((value as Json)[key], rest, by) };
}

const hostileText = fc.oneof(
  fc.constantFrom('\u0001'.repeat(248), '界'.repeat(248), '\ud800'.repeat(248)),
  fc.integer({ min: 0, max: 5000 }).map((length) => '\u0001'.repeat(length)),
  fc.integer({ min: 0, max: 5000 }).map((length) => '😀界'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 400 }),
);

describe(`the projection of anything (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('never throws and stays in bounds, whatever the value', () => {
    check(
      fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true, withDate: true }),
      expectBounded,
      500,
    );
  });

  it('never throws and stays in bounds on a Pod with parts replaced by anything', () => {
    const paths = pathsOf(realPod);
    const mutation = fc.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), hostileText, fc.anything()));
    check(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
      let pod: unknown = realPod;
      for (const [path, by] of mutations)
        if (pathsOf(pod).some((one) => one.join() === path.join())) pod = replaced(pod, path, by);
      expectBounded(pod);
    });
  });

  it('stays in bounds with every text as long and as costly as it can be, in any number of containers', () => {
    check(
      fc.record({ count: fc.constantFrom(1, 60, 500), text: hostileText, trouble: fc.boolean() }),
      ({ count, text, trouble }) => {
        const name = (index: number): string => `${text}${index}`;
        const end = {
          exitCode: -(2 ** 31),
          signal: 2 ** 31,
          reason: text,
          message: text,
          startedAt: text,
          finishedAt: text,
        };
        const numbers = Array.from({ length: 20 }, (_, index) => -index * 2 ** 40);
        const quantities = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [name(index), text]));
        const container = (index: number): Json => ({
          name: name(index),
          image: text,
          restartPolicy: text,
          restartPolicyRules: Array.from({ length: 5 }, () => ({
            action: text,
            exitCodes: { operator: text, values: numbers },
          })),
          resources: { requests: quantities, limits: quantities },
          livenessProbe: { initialDelaySeconds: -(2 ** 52), periodSeconds: 2 ** 52 },
        });
        const containers = Array.from({ length: count }, (_, index) => container(index));
        const statuses = containers.map((one) => ({
          name: one['name'],
          ready: !trouble,
          restartCount: trouble ? 2 ** 52 : 0,
          state: { terminated: trouble ? end : { ...end, exitCode: 0 } },
          lastState: trouble ? { terminated: end } : {},
        }));
        const condition = { type: text, status: text, reason: text, message: text, lastTransitionTime: text };
        expectBounded({
          metadata: {
            uid: text,
            name: text,
            namespace: text,
            resourceVersion: text,
            creationTimestamp: text,
            deletionTimestamp: text,
            labels: quantities,
            finalizers: Array(50).fill(text),
            ownerReferences: [{ kind: text, name: text, uid: text }],
          },
          spec: {
            nodeName: text,
            restartPolicy: text,
            containers,
            initContainers: containers,
            ephemeralContainers: containers,
            schedulingGates: Array(50).fill({ name: text }),
            readinessGates: Array(50).fill({ conditionType: text }),
          },
          status: {
            phase: text,
            reason: text,
            message: text,
            qosClass: text,
            startTime: text,
            conditions: Array(50).fill(condition),
            containerStatuses: statuses,
            initContainerStatuses: statuses,
            ephemeralContainerStatuses: statuses,
          },
        });
      },
      20,
    );
  });
});
