import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownPodsKey, parsePodWorkflowId, podWorkflowId, watchWorkflowId } from '../../../domain/names.ts';
import { searchAttributePairs, searchAttributes } from '../../../domain/search-attributes.ts';
import { check, propertySeed } from '../../helpers/properties.ts';

const dnsName = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,60}[a-z0-9])?$/);
const pod = fc.record({ namespace: dnsName, name: dnsName, uid: fc.uuid() });

describe(`names (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
  it('spell ids and keys as the design says', () => {
    const identity = { namespace: 'shop', name: 'web-1', uid: 'uid-1' };
    expect(podWorkflowId('prod', identity)).toBe('pod/prod/shop/web-1/uid-1');
    expect(watchWorkflowId('prod', 'all')).toBe('watch/prod/all');
    expect(knownPodsKey('prod', 'all')).toBe('podkeeper:prod:watch:all:pods');
  });

  it('give two pods two ids, and every id its pod back', () => {
    check(fc.tuple(dnsName, pod), ([cluster, identity]) => {
      expect(parsePodWorkflowId(cluster, podWorkflowId(cluster, identity))).toEqual(identity);
    });
    check(fc.tuple(dnsName, pod, pod), ([cluster, one, other]) => {
      const same = one.namespace === other.namespace && one.name === other.name && one.uid === other.uid;
      expect(podWorkflowId(cluster, one) === podWorkflowId(cluster, other)).toBe(same);
    });
  });

  it('take no id of another cluster, another kind or another shape for that of a pod', () => {
    for (const id of ['pod/other/a/b/c', 'watch/test/all', 'pod/test/a/b', 'pod/test/a/b/c/d', 'pod/test//b/c', '']) {
      expect(parsePodWorkflowId('test', id)).toBeUndefined();
    }
    check(fc.string(), (text) => {
      const parsed = parsePodWorkflowId('test', text);
      if (parsed !== undefined) expect(podWorkflowId('test', parsed)).toBe(text);
    });
  });
});

describe('search attribute values', () => {
  it('become typed pairs with registered names, cut to 255 characters', () => {
    const pairs = searchAttributePairs({ cluster: 'c'.repeat(300), tags: ['pod', 't'.repeat(300)], restarts: 0 });
    expect(pairs).toEqual([
      { key: { name: 'PodkeeperCluster', type: 'KEYWORD' }, value: 'c'.repeat(255) },
      { key: { name: 'PodkeeperTags', type: 'KEYWORD_LIST' }, value: ['pod', 't'.repeat(255)] },
      { key: { name: 'PodkeeperRestarts', type: 'INT' }, value: 0 },
    ]);
  });

  it('set only what is there', () => {
    expect(searchAttributePairs({})).toEqual([]);
    expect(searchAttributePairs({ node: 'n' })).toEqual([
      { key: { name: searchAttributes.node.name, type: 'KEYWORD' }, value: 'n' },
    ]);
  });
});
