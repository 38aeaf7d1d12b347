import { describe, expect, it } from '@jest/globals';
import {
  mergeConfiguration,
  scopeRequestFaults,
} from '../../../../../triggers/http/runs/watches/merge-configuration.ts';
import { configurationHash } from '../../../../../triggers/pod-watch/watch-configuration.ts';
import { watchConfiguration } from '../../../../helpers/workflows/watch-runs.ts';

const inForce = watchConfiguration({
  scope: { scopeName: 'all', namespaces: ['shop'], excludePatterns: ['^kube-'], labelSelector: 'app=web' },
});

describe('a change of a watch configuration', () => {
  it('leaves what it does not name, in its order', () => {
    expect(configurationHash(mergeConfiguration(inForce, {}))).toBe(configurationHash(inForce));
    const changed = mergeConfiguration(inForce, { queueLimit: 5, scope: { namespaces: [] } });
    expect(changed).toEqual({ ...inForce, queueLimit: 5, scope: { ...inForce.scope, namespaces: [] } });
    const back = mergeConfiguration(changed, { scope: { namespaces: ['shop'] }, queueLimit: inForce.queueLimit });
    expect(configurationHash(back)).toBe(configurationHash(inForce));
  });

  it('takes the label selector away with null, and gives it back in its place', () => {
    const without = mergeConfiguration(inForce, { scope: { labelSelector: null } });
    expect(without.scope).toEqual({ scopeName: 'all', namespaces: ['shop'], excludePatterns: ['^kube-'] });
    const again = mergeConfiguration(without, { scope: { labelSelector: 'app=web' } });
    expect(configurationHash(again)).toBe(configurationHash(inForce));
  });

  it('names each field of a scope that is not valid', () => {
    const scope = { ...inForce.scope, scopeName: 'Other', namespaces: ['a', 'a', 'B'], labelSelector: 'a in (' };
    expect(scopeRequestFaults(scope, inForce.scope).map(({ path }) => path)).toEqual([
      'body.configuration.scope.scopeName',
      'body.configuration.scope.namespaces[2]',
      'body.configuration.scope.namespaces',
      'body.configuration.scope.labelSelector',
      'body.configuration.scope.scopeName',
    ]);
    expect(scopeRequestFaults(inForce.scope, inForce.scope)).toEqual([]);
  });
});
