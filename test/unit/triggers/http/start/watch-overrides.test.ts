import { describe, expect, it } from '@jest/globals';
import { settings } from '../../../../../platform/config/settings.ts';
import { watchOverrides } from '../../../../../triggers/http/start/inputs/watch-pods.ts';

const { watch, pods } = settings;
const settingOf = {
  coalesceMs: watch.coalesceMs,
  dispatchConcurrency: watch.dispatchConcurrency,
  queueLimit: watch.queueLimit,
  intervalSeconds: watch.intervalSeconds,
  classificationTimeoutMs: pods.classificationTimeoutMs,
  failedRetentionSeconds: pods.failedRetentionSeconds,
  idleCheckSeconds: pods.idleCheckSeconds,
} satisfies Record<keyof typeof watchOverrides, unknown>;

describe('what a watch may be started with', () => {
  it.each(Object.keys(watchOverrides) as (keyof typeof watchOverrides)[])(
    'has the range of its setting: %s',
    (name) => {
      const { form, schema } = settingOf[name];
      const [, least = '', most = ''] = /, (\d+) to (\d+)$/.exec(form) ?? [];
      for (const value of [Number(least) - 1, Number(least), Number(most), Number(most) + 1]) {
        expect([value, watchOverrides[name].safeParse(value).success]).toEqual([
          value,
          schema.safeParse(String(value)).success,
        ]);
      }
    },
  );
});
