import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type FailureCode, failures } from '../../../../domain/failures.ts';
import { loadConfig } from '../../../../platform/config.ts';
import { classesJsonSchema } from '../../../../platform/sessions/classes/classes-schema.ts';
import { defaultClass } from '../../../../platform/sessions/classes/fill-class.ts';
import { tableUnder } from '../../../helpers/markdown-tables.ts';

const page = new URL('../../../../docs/sessions.md', import.meta.url);

/** Codes that gateways, and the activities and workflows behind them, name in their sources. */
const namedCodes = () =>
  new Set(
    globSync(['triggers/gateway/**/*.ts', 'activities/sessions/pods/*.ts', 'workflows/sessions/*.ts'])
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'([a-z_]+)'/g)])
      .map(([, word = '']) => word)
      .filter((word): word is FailureCode => word in failures),
  );

describe('docs/sessions.md', () => {
  it('lists every code a gateway answers with, as domain/failures.ts has it', () => {
    const rows = tableUnder(page, 'When a request fails');
    expect(rows.map(([code]) => code).sort()).toEqual([...namedCodes()].sort());
    for (const [code, status, retry, meaning, advice] of rows) {
      const { httpStatus, retryable, meaning: defined } = failures[code as FailureCode];
      expect([code, status, retry, meaning]).toEqual([code, String(httpStatus), retryable ? 'yes' : 'no', defined]);
      expect(advice).toMatch(/[.?]$/);
    }
  });

  it('has the keys of a class, their defaults and their bounds', () => {
    const { properties } = (
      classesJsonSchema() as {
        properties: { classes: { additionalProperties: { properties: Record<string, { maximum?: number }> } } };
      }
    ).properties.classes.additionalProperties;
    const rows = tableUnder(page, 'Classes');
    expect(rows.map(([key]) => key).sort()).toEqual(Object.keys(properties).sort());
    const defaults = defaultClass(loadConfig({ TEMPORAL_CONFIG_FILE: '/nonexistent' }).sessions);
    for (const [key = '', whenLeftOut, meaning] of rows) {
      const value = defaults[key as keyof typeof defaults];
      const said = ['idleTimeoutSeconds', 'image', 'busyPath', 'resources'].includes(key) || typeof value === 'object';
      if (!said) expect(whenLeftOut).toContain(String(value));
      const { maximum } = properties[key] ?? {};
      if (maximum !== undefined && key !== 'port') expect(meaning).toContain(`to ${maximum}.`);
    }
  });

  it('explains every reason to keep a session', () => {
    const source = readFileSync('domain/sessions/idle/idle-decision.ts', 'utf8');
    const [, union = ''] = /export type KeepReason =([^;]*);/.exec(source) ?? [];
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map(([, reason]) => reason);
    expect(reasons.length).toBeGreaterThan(3);
    expect(tableUnder(page, 'Why is it alive?').map(([reason]) => reason)).toEqual(reasons);
  });
});
