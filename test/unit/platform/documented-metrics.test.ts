import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../platform/metrics.ts';
import { tableUnder } from '../../helpers/markdown-tables.ts';

const document = new URL('../../../docs/metrics.md', import.meta.url);

/** Not in the types of prom-client, but what it is made from. */
interface WithLabels {
  readonly name: string;
  readonly labelNames: readonly string[];
}

describe('docs/metrics.md', () => {
  it('lists every metric as the code defines it: name, type, labels and help', async () => {
    const { registry } = createMetrics();
    const labels = new Map(
      (registry.getMetricsAsArray() as unknown as WithLabels[]).map(({ name, labelNames }) => [name, labelNames]),
    );
    const expected = (await registry.getMetricsAsJSON()).map(({ name, type, help }) => [
      name,
      type,
      labels.get(name)?.join(', '),
      help,
    ]);
    expect(tableUnder(document, 'All metrics')).toEqual(expected);
  });
});
