import { down } from '../../dev/environment/down.ts';
import { listEnvironments } from '../../dev/environment/status.ts';
import { reportToStderr } from '../../dev/shared/report.ts';

/** Stops one environment or all of them. */
export async function bringDown(options: { readonly name: string; readonly all?: true }): Promise<void> {
  const names = options.all === true ? await listEnvironments() : [options.name];
  for (const name of names) {
    await down({ name, report: reportToStderr });
    console.log(`${name} is down.`);
  }
  if (names.length === 0) console.log('There is no local environment.');
}
