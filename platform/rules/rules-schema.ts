import { z } from 'zod';
import {
  labelGlobFault,
  namespaceGlobFault,
  ownerGlobFault,
  patternFault,
  patternLimits,
} from '../../domain/pods/rules/text/faults.ts';
import { tagLimits, tagTemplateFault, teamTemplateFault } from '../../domain/pods/rules/text/tag.ts';
import { labelKey } from '../../domain/pods/rules/text/template.ts';
import type { UserRules } from '../../domain/pods/rules/user-rules.ts';
import { causes, severities } from '../../domain/pods/verdict/types.ts';

/** Bounds of a rules file; docs/limits.md lists them. */
export const rulesFileLimits = {
  bytes: 256 * 1024,
  rules: 200,
  namespaces: 64,
  labels: 32,
  /** Of a tag or team as it is written, with its templates. */
  templateCharacters: 256,
} as const;

const variables =
  '${labels.<key>}, ${namespace}, ${name}, ${owner}, each with an optional default: ${labels.team:-none}';

/** A text of bounded length that a function of domain finds no fault with. */
function text(maximum: number, fault: (text: string) => string | undefined) {
  return z
    .string()
    .max(maximum)
    .check((context) => {
      const message = fault(context.value);
      if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
    });
}

const match = z
  .strictObject({
    namespaces: z
      .array(text(patternLimits.characters, namespaceGlobFault))
      .min(1)
      .max(rulesFileLimits.namespaces)
      .exactOptional()
      .meta({
        description: 'Any of these globs fits the namespace. "*" is any characters, "?" one.',
        examples: [['prod-*', 'shop']],
      }),
    labels: z
      .record(z.string().regex(labelKey, "is no label's key"), text(patternLimits.characters, labelGlobFault))
      .refine((labels) => Object.keys(labels).length > 0, 'is empty; leave it out')
      .refine(
        (labels) => Object.keys(labels).length <= rulesFileLimits.labels,
        `has more than ${rulesFileLimits.labels}`,
      )
      .exactOptional()
      .meta({
        description: 'Each of these labels is there, and its value fits the glob.',
        examples: [{ 'app.kubernetes.io/part-of': 'checkout', tier: '*' }],
      }),
    owner: text(patternLimits.characters, ownerGlobFault)
      .exactOptional()
      .meta({
        description:
          'A glob on <kind>/<name> of the controlling owner (the ReplicaSet of a Deployment), Pod/<name> for a pod without one.',
        examples: ['Job/*', 'ReplicaSet/web-*'],
      }),
    image: text(patternLimits.characters, patternFault)
      .exactOptional()
      .meta({ description: 'RE2 pattern, found in the image of any container.', examples: ['/postgres:1[0-4]\\.'] }),
    name: text(patternLimits.characters, patternFault)
      .exactOptional()
      .meta({ description: "RE2 pattern, found in the pod's name.", examples: ['^canary-'] }),
    causes: z
      .array(z.enum(causes))
      .min(1)
      .max(causes.length)
      .exactOptional()
      .meta({
        description:
          'A finding of the verdict has one of these causes (docs/verdicts.md). severity and ignore then act on those findings only.',
        examples: [['OOMKilled', 'AppError']],
      }),
  })
  .meta({ description: 'What a pod must be like. Everything that is given must hold; {} takes every pod.' });

const set = z
  .strictObject({
    tags: z
      .array(text(rulesFileLimits.templateCharacters, tagTemplateFault))
      .min(1)
      .max(tagLimits.tags)
      .exactOptional()
      .meta({
        description: `Tags to add. They may hold ${variables}.`,
        examples: [['batch', 'app:${labels.app:-none}']],
      }),
    severity: z.enum(severities).exactOptional().meta({
      description: 'The severity of the findings whose cause match.causes names; without it, of the primary finding.',
    }),
    ignore: z.literal(true).exactOptional().meta({
      description:
        'The findings whose cause match.causes names (without it, all of them) open no incident. They stay in the verdict.',
    }),
    team: text(rulesFileLimits.templateCharacters, teamTemplateFault)
      .exactOptional()
      .meta({
        description: `Who is responsible; also added as the tag team:<team>. The last rule that matches wins. It may hold ${variables}.`,
        examples: ['payments', '${labels.team:-platform}'],
      }),
  })
  .refine((effects) => Object.keys(effects).length > 0, 'does nothing; give it tags, severity, ignore or team')
  .meta({ description: 'What the rule does when it matches.' });

const rule = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is no name: use a-z, 0-9 and "-", at most 63 characters')
    .meta({
      description: 'Unique in this file; names the rule in explanations and failures.',
      examples: ['batch-jobs'],
    }),
  match,
  set,
});

/** The content of `classification-rules.yaml`. `reportInput` has to be set, for messages that show what was given. */
export const rulesSchema: z.ZodType<UserRules> = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format.' }),
    rules: z
      .array(rule)
      .max(rulesFileLimits.rules)
      .meta({ description: 'Applied in order; every rule that matches has its effect.' }),
  })
  .meta({
    title: 'Podkeeper classification rules',
    description: 'Rules of your own for what Podkeeper makes of a pod. See docs/rules.md.',
  });

/** The keys there are at each place, for suggestions. */
export const knownKeys = {
  file: ['version', 'rules'],
  rule: Object.keys(rule.shape),
  match: Object.keys(match.shape),
  set: Object.keys(set.shape),
} as const;

/** The same as JSON Schema, for editors; docs/classification-rules.schema.json holds it. */
export function rulesJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(rulesSchema, { target: 'draft-7', io: 'input' });
}
