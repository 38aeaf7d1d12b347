import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { podFault } from '../../../../domain/pods/snapshot/pod-fault.ts';
import { buildPod, type Json, probe, terminated } from '../../../helpers/pods.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

const good = buildPod({
  metadata: { labels: { app: 'web' } },
  containers: [{ lastState: terminated({ exitCode: 1 }), spec: { livenessProbe: probe() } }],
});

const withMetadata = (metadata: Json): Json => buildPod({ metadata });
const withStatus = (status: Json): Json => buildPod({ status });

describe(`the validator of Pods (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('finds nothing wrong with a Pod as the API server sends it', () => {
    expect(podFault(good)).toBeUndefined();
  });

  it('takes nulls for absent where Go clients write them', () => {
    const pod = buildPod({ metadata: { creationTimestamp: null, labels: null }, status: { containerStatuses: null } });
    expect(podFault(pod)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['no object', 'text', 'the document is not an object'],
    ['no metadata', { kind: 'Pod' }, 'metadata is missing'],
    ['another kind', { ...good, kind: 'Deployment' }, 'kind is not Pod'],
    ['another API', { ...good, apiVersion: 'apps/v1' }, 'apiVersion is not v1'],
    ['no name', withMetadata({ name: undefined }), 'metadata.name is missing'],
    ['a name with a slash', withMetadata({ name: 'a/b' }), 'metadata.name is not a Kubernetes object name'],
    ['no uid', withMetadata({ uid: undefined }), 'metadata.uid is missing'],
    ['a number for a uid', withMetadata({ uid: 7 }), 'metadata.uid is not a string'],
    ['a label that is a number', withMetadata({ labels: { a: 1 } }), 'metadata.labels[a] is not a string'],
    [
      'a time that is none',
      withMetadata({ deletionTimestamp: 'yesterday' }),
      'metadata.deletionTimestamp is not an RFC 3339 time',
    ],
    ['a status that is a list', { ...good, status: [] }, 'status is not an object'],
    [
      'a container without a name',
      withStatus({ containerStatuses: [{}] }),
      'status.containerStatuses[0].name is missing',
    ],
    [
      'an end without an exit code',
      withStatus({ containerStatuses: [{ name: 'a' }, { name: 'b', lastState: { terminated: {} } }] }),
      'status.containerStatuses[1].lastState.terminated.exitCode is missing',
    ],
    [
      'a negative count of restarts',
      withStatus({ initContainerStatuses: [{ name: 'a', restartCount: -1 }] }),
      'status.initContainerStatuses[0].restartCount is negative',
    ],
    ['a condition that is a text', withStatus({ conditions: ['Ready'] }), 'status.conditions[0] is not an object'],
  ])('names the path of the fault: %s', (_, pod, fault) => {
    expect(podFault(pod)).toBe(fault);
  });

  it('lets a file leave the uid out', () => {
    expect(podFault(withMetadata({ uid: undefined }), { uid: 'optional' })).toBeUndefined();
    expect(podFault(withMetadata({ uid: '' }), { uid: 'optional' })).toBe('metadata.uid is not a uid');
  });

  it('never throws', () => {
    check(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
      expect(typeof podFault(value)).toBe('string');
    });
    const part = fc.constantFrom('metadata', 'spec', 'status');
    check(fc.tuple(part, fc.string(), fc.anything()), ([where, key, value]) => {
      const pod = { ...good, [where]: { ...(good[where] as Json), [key]: value } };
      expect(['string', 'undefined']).toContain(typeof podFault(pod));
    });
  });
});
