import { describe, expect, it } from '@jest/globals';
import { externalVariables } from '../../../platform/config/external-variables.ts';
import type { Setting } from '../../../platform/config/kinds.ts';
import { settings } from '../../../platform/config/settings.ts';
import { tableUnder } from '../../helpers/markdown-tables.ts';

const document = new URL('../../../docs/configuration.md', import.meta.url);
const headings = {
  cluster: 'Cluster',
  watch: 'Watch',
  pods: 'Pod runs',
  rules: 'Rules',
  redis: 'Redis',
  temporal: 'Temporal',
  http: 'HTTP API',
  auth: 'Authentication',
  sessions: 'Sessions',
  gateway: 'Gateway',
  process: 'Process',
} as const satisfies Record<keyof typeof settings, string>;

describe('docs/configuration.md', () => {
  it.each(Object.entries(settings))('lists the settings of %s as the code defines them', (group, members) => {
    const expected = Object.values<Setting<unknown>>(members).map(({ variable, defaultText, form, secret, help }) => [
      variable,
      defaultText,
      secret ? `${form} (secret)` : form,
      help,
    ]);
    expect(tableUnder(document, headings[group as keyof typeof headings])).toEqual(expected);
  });

  it('lists the variables that others read', () => {
    const expected = externalVariables.map(({ variable, help }) => [variable, help]);
    expect(tableUnder(document, 'Variables that others read')).toEqual(expected);
  });
});

describe('the settings', () => {
  it('each have a variable of their own', () => {
    const variables = Object.values(settings).flatMap((group) => Object.values(group).map(({ variable }) => variable));
    expect(new Set(variables).size).toBe(variables.length);
  });

  it('each accept their own default', () => {
    for (const group of Object.values(settings)) {
      for (const { schema, defaultText, variable } of Object.values<Setting<unknown>>(group)) {
        expect([variable, schema.safeParse(defaultText).success]).toEqual([variable, true]);
      }
    }
  });
});
