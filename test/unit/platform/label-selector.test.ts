import { describe, expect, it } from '@jest/globals';
import { labelSelectorFault } from '../../../platform/config/label-selector.ts';

describe('a label selector', () => {
  it.each([
    '',
    'app',
    '!app',
    'app=web',
    'app==web,tier!=db',
    'app=',
    'example.com/team in (a, b),!legacy',
    'tier notin (db)',
    'weight>3, weight < 9',
    'environment in (production,qa),tier in (frontend)',
  ])('may be "%s"', (selector) => {
    expect(labelSelectorFault(selector)).toBeUndefined();
  });

  it.each(['app=web;tier=db', 'app in (a', 'app in a,b', '=web', 'app=web,', 'app=we b', '-app', 'a/b/c=d'])(
    'may not be "%s"',
    (selector) => {
      expect(labelSelectorFault(selector)).toContain('not a label selector');
    },
  );
});
