import { z } from 'zod';
import type { ConfigurationChanges } from '../../runs/watches/merge-configuration.ts';
import { watchOverrides } from '../../start/inputs/watch-pods.ts';

export const watchParamsSchema = z.strictObject({
  scope: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is not the name of a scope')
    .meta({ description: 'The name of the watch (WATCH_SCOPE_NAME).', examples: ['all'] }),
});

const scope = z.strictObject({
  scopeName: z.string().max(63).optional().meta({ description: "Can't change; may be repeated." }),
  namespaces: z.array(z.string().max(63)).max(1000).optional().meta({
    description: 'Exact names; empty watches the whole cluster.',
  }),
  labelSelector: z.string().min(1).max(4096).nullable().optional().meta({
    description: 'As for `kubectl -l`; null watches pods of all labels.',
  }),
  excludePatterns: z.array(z.string().min(1).max(1000)).max(100).optional().meta({
    description: 'RE2 patterns on `<namespace>/<name>`; a pod that matches one is left out.',
  }),
});

export const watchChangeSchema = z
  .strictObject({
    configuration: z
      .strictObject({ scope: scope.optional(), podRuns: z.literal('all').optional(), ...watchOverrides })
      .transform((changes) => withoutUndefined(changes)),
    revision: z.int().min(0).max(1_000_000_000).optional().meta({
      description: 'An older one than that in force is refused. Left out: the one in force.',
    }),
  })
  .meta({
    id: 'WatchChange',
    description: 'What is left out stays as it is.',
    examples: [{ configuration: { coalesceMs: 500, scope: { namespaces: ['shop', 'billing'] } } }],
  });

/** Absent, not undefined, so that it overwrites nothing. */
function withoutUndefined({ scope: given, ...others }: Readonly<Record<string, unknown>>): ConfigurationChanges {
  const defined = (fields: object) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { ...defined(others), ...(given === undefined ? {} : { scope: defined(given as object) }) };
}
