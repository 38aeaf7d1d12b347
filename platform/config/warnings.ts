import { externalVariables } from './external-variables.ts';
import { settings } from './settings.ts';

const ownVariables = new Set(Object.values(settings).flatMap((group) => Object.values(group).map((s) => s.variable)));
const known = new Set([...ownVariables, ...externalVariables.map(({ variable }) => variable)]);

/** Kubernetes sets these in every pod of a namespace that has a Service named podkeeper. */
const serviceLink = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)$/;

/** Names the `PODKEEPER_*` variables that nothing reads, with the setting that was probably meant. */
export function configWarnings(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('PODKEEPER_') && !known.has(name) && !serviceLink.test(name))
    .sort()
    .map((name) => {
      const meant = name.slice('PODKEEPER_'.length);
      const hint = ownVariables.has(meant) ? `did you mean ${meant}?` : 'see docs/configuration.md for the settings.';
      return `${name} is set, but nothing reads it; ${hint}`;
    });
}
