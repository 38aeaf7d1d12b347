import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createMetrics } from '../../../platform/metrics.ts';

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

/** Not in the types of prom-client, but what it is made from. */
interface DefinedMetric {
  readonly name: string;
  readonly labelNames: readonly string[];
}

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as {
  groups: readonly { rules: readonly AlertRule[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules);
const operations = read('docs/operations.md');
const metrics = createMetrics().registry.getMetricsAsArray() as unknown as readonly DefinedMetric[];

/** The metric a name in a query or a text stands for; a histogram has three. */
function metricOf(name: string): DefinedMetric | undefined {
  return metrics.find((metric) => [name, name.replace(/_(bucket|sum|count)$/, '')].includes(metric.name));
}

function namesIn(text: string): string[] {
  return text.match(/\b(?:k8s|podkeeper)_[a-z0-9_]+/g) ?? [];
}

describe('the alert rules', () => {
  it('are there, each with a name of its own, a severity and a summary', () => {
    expect(alerts.length).toBeGreaterThan(10);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { labels, annotations } of alerts) {
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
    }
  });

  it.each(alerts)('$alert asks for metrics and labels there are', ({ expr }) => {
    expect(namesIn(expr)).not.toEqual([]);
    expect(namesIn(expr).filter((name) => metricOf(name) === undefined)).toEqual([]);
    for (const [, name = '', matchers = ''] of expr.matchAll(/(\w+)\{([^}]*)\}/g)) {
      const labels = [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label);
      expect(metricOf(name)?.labelNames).toEqual(expect.arrayContaining(labels));
    }
  });

  it.each(alerts)('$alert is explained in docs/operations.md as it is, where its runbook leads', (rule) => {
    const head = `### ${rule.alert}\n\n\`${rule.expr}\` for ${rule.for ?? '0m'}, ${rule.labels.severity}\n`;
    expect(operations).toContain(head);
    expect(rule.annotations.runbook).toBe(`docs/operations.md#${rule.alert.toLowerCase()}`);
  });

  it('count no probes among the HTTP requests: they come all the time and would hide what fails', () => {
    const selectors = alerts.flatMap(({ expr }) => expr.match(/podkeeper_http_requests_total(\{[^}]*\})?/g) ?? []);
    expect(selectors).toHaveLength(2);
    for (const selector of selectors) expect(selector).toContain('route!~"/health|/ready"');
  });
});

describe('docs/operations.md', () => {
  it('explains no alert that is not there', () => {
    const explained = [...operations.matchAll(/^### (Podkeeper\w+)$/gm)].map(([, name]) => name);
    expect(explained).toEqual(alerts.map(({ alert }) => alert));
  });

  it('names only metrics there are', () => {
    const names = namesIn(operations);
    expect(names).toContain('podkeeper_watch_checkpoint_age_seconds');
    expect(names.filter((name) => metricOf(name) === undefined)).toEqual([]);
  });
});
