import { createTestServers } from './test-servers.ts';
import { runTier, type Tier, type TierResult } from './run-tier.ts';

// The test command: `npm test`, or `npm run test:unit|integration|cluster`. Three Jest runs one after the other, their
// results summed in the last line. The servers are built and started once, when the first tier needs them; a tier they
// can't be had for is named with the reason, which is an error when CI=true, as is a single test that skips itself.

const tiers: readonly Tier[] = ['unit', 'integration', 'cluster'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(tiers as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`There is no test tier "${unknown.join(', ')}"; there are ${tiers.join(', ')}.`);
  process.exit(2);
}
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort(new Error(signal)));

const servers = createTestServers(interrupted.signal);
const results: TierResult[] = [];
const skipped: string[] = [];
for (const tier of tiers.filter((name) => asked.length === 0 || asked.includes(name))) {
  if (interrupted.signal.aborted) break;
  const found = tier === 'unit' ? { env: {} } : await servers.start();
  if ('reason' in found) skipped.push(`${tier}: ${found.reason}`);
  else results.push(await runTier(tier, { env: found.env, signal: interrupted.signal }));
}
await servers.stop();

const sum = (key: 'passed' | 'failed' | 'skipped'): number => results.reduce((total, result) => total + result[key], 0);
for (const { tier, passed, failed, seconds } of results) {
  console.log(`${tier}: ${passed} passed, ${failed} failed in ${Math.round(seconds)} s`);
}
for (const reason of skipped) console.log(`SKIPPED ${reason}`);
if (interrupted.signal.aborted) console.log('interrupted: not every test was run');
const strict = process.env['CI'] === 'true';
const skippedTests = sum('skipped');
const failed = sum('failed') + (strict ? skipped.length + skippedTests : 0);
console.log(`${sum('passed')} passed, ${failed} failed${skippedTests === 0 ? '' : `, ${skippedTests} skipped`}`);
process.exit(failed > 0 || interrupted.signal.aborted ? 1 : 0);
