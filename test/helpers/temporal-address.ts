import { readState } from '../../dev/environment/state.ts';

/** Where the Temporal server of the tests listens: that of the local environment `PODKEEPER_DEV_STATE` names. */
export async function temporalAddress(): Promise<string> {
  const path = process.env.PODKEEPER_DEV_STATE;
  const state = path === undefined ? null : await readState(path);
  if (state?.temporal) return state.temporal.address;
  throw new Error('This test needs a Temporal server: run "npm run test:integration", or set PODKEEPER_DEV_STATE.');
}
