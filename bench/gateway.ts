import { cpus, loadavg } from 'node:os';
import { reportToStderr } from '../dev/shared/report.ts';
import { runClosedLoop } from './gateway/load/closed-loop.ts';
import { runOpenLoop } from './gateway/load/open-loop.ts';
import { percentile } from './gateway/percentile.ts';
import type { Way } from './gateway/way.ts';
import { withWays } from './gateway/with-ways.ts';
import type { BenchResult, Figure } from './result.ts';

const requestsPerSecond = 1000;
const connections = 32;
/** Before those that count, so that code is compiled: for new connections and slow ones too, not for one long run only. */
const warmUpRounds = 2;

interface Measured {
  readonly way: Way['name'];
  answered: number;
  seconds: number;
  cpuSeconds: number;
  readonly latencies: number[];
}

/** Requests to a session's pod through the gateway, against the same requests straight to it and through two other proxies. */
export async function benchGateway({
  rounds,
  seconds,
}: {
  readonly rounds: number;
  readonly seconds: number;
}): Promise<BenchResult> {
  if (process.platform !== 'linux' || cpus().length < 2) {
    throw new Error('This bench needs Linux with two cores: one for the proxy, one for the pod and the load.');
  }
  const [loadBefore = 0] = loadavg();
  return await withWays(async ({ ways, missing }) => {
    reportToStderr(`warming up ${ways.map(({ name }) => name).join(', ')}`);
    const noneYet = (): Measured[] =>
      ways.map(({ name }) => ({ way: name, answered: 0, seconds: 0, cpuSeconds: 0, latencies: [] }));
    const runRound = async (sums: readonly Measured[]) => {
      for (const [index, way] of ways.entries()) await measure(way, sums[index], seconds);
    };
    for (let round = 1; round <= warmUpRounds; round += 1) await runRound(noneYet());
    const measured = noneYet();
    for (let round = 1; round <= rounds; round += 1) {
      await runRound(measured);
      reportToStderr(`up to round ${round} of ${rounds}: ${measured.map(describe).join(', ')}`);
    }
    return {
      bench: 'gateway',
      figures: [...figuresOf(measured), { name: 'loadAverageBefore', value: loadBefore }],
      notes: missing,
    };
  });
}

async function measure({ target, proxy }: Way, sums: Measured | undefined, seconds: number): Promise<void> {
  if (sums === undefined) return;
  const cpuBefore = (await proxy?.cpuSeconds()) ?? 0;
  const startedMs = performance.now();
  sums.answered += await runClosedLoop(target, { connections, seconds });
  sums.seconds += (performance.now() - startedMs) / 1000;
  sums.cpuSeconds += ((await proxy?.cpuSeconds()) ?? 0) - cpuBefore;
  for (const latency of await runOpenLoop(target, { requestsPerSecond, connections, seconds })) {
    sums.latencies.push(latency);
  }
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const perCore = (name: Way['name']) => {
    const found = measured.find(({ way }) => way === name);
    return found === undefined || found.cpuSeconds === 0 ? undefined : found.answered / found.cpuSeconds;
  };
  const own = perCore('gateway') ?? 0;
  const latencies = new Map(measured.map(({ way, latencies: all }) => [way, Float64Array.from(all).sort()] as const));
  const added = (percent: number) =>
    percentile(latencies.get('gateway') ?? [], percent) - percentile(latencies.get('direct') ?? [], percent);
  const ratio = (name: string, rival: Way['name'], atLeast: number): Figure[] => {
    const other = perCore(rival);
    return other === undefined ? [] : [{ name, value: own / other, bar: { atLeast } }];
  };
  return [
    ...ratio('ratioConfigurableHttpProxy', 'configurableHttpProxy', 2),
    ...ratio('ratioNginx', 'nginx', 0.5),
    { name: 'requestsPerSecondPerCore', value: own, bar: { atLeast: 3000 } },
    { name: 'addedP50Ms', value: added(50), bar: { atMost: 1 } },
    { name: 'addedP95Ms', value: added(95), bar: { atMost: 5 } },
    { name: 'addedP99Ms', value: added(99), bar: { atMost: 15 } },
    ...measured.flatMap(({ way, answered, seconds }) => {
      const core = way === 'gateway' ? undefined : perCore(way);
      return [
        ...(core === undefined ? [] : [{ name: `${way}RequestsPerSecondPerCore`, value: core }]),
        { name: `${way}RequestsPerSecond`, value: answered / seconds },
        ...[50, 95, 99].map((percent) => ({
          name: `${way}P${percent}Ms`,
          value: percentile(latencies.get(way) ?? [], percent),
        })),
      ];
    }),
  ];
}

function describe({ way, answered, seconds, cpuSeconds }: Measured): string {
  const perCore = cpuSeconds === 0 ? '' : ` (${Math.round(answered / cpuSeconds)} a core)`;
  return `${way} ${Math.round(answered / seconds)}/s${perCore}`;
}
