import { z } from 'zod';
import { parseQuantity } from '../../../domain/pods/verdict/values/quantity.ts';

/** Bounds of a file of classes; docs/limits.md lists them. */
export const classesFileLimits = {
  bytes: 256 * 1024,
  classes: 50,
  env: 64,
  envCharacters: 4096,
  labels: 32,
  tolerations: 32,
  pathCharacters: 256,
  bodyBytes: 1024 ** 3,
} as const;

const labelName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const resourceName =
  /^(cpu|memory|ephemeral-storage|hugepages-\d+[KMG]i|[a-z0-9][-a-z0-9.]*\/[A-Za-z0-9][-A-Za-z0-9_.]*)$/;
/** What Podkeeper itself gives each pod. */
const reservedEnv = /^(SESSION_ID|STATE_FILE_PATH|PORT|POD_UID|PODKEEPER_.*)$/;

/** A whole number within bounds, with a message that names them. */
export function whole(min: number, max: number) {
  return z
    .number()
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error: ({ input }) => `is ${String(input)}, but has to be a whole number from ${min} to ${max}`,
    })
    .meta({ type: 'integer', minimum: min, maximum: max });
}

/** Why a text is no quantity of Kubernetes; undefined when it is one. Continues the name of what has it. */
export function quantityFault(text: string): string | undefined {
  if (parseQuantity(text) !== undefined) return undefined;
  return `is ${JSON.stringify(text.slice(0, 40))}, which is no quantity; write it as Kubernetes does, such as 500m or 2 for CPU, 512Mi for memory`;
}

/** `500m`, and also `2` without quotes. */
const quantity = z
  .union([z.string(), z.number()], { error: 'has to be a quantity, such as 500m or 512Mi' })
  .check((context) => {
    const message = quantityFault(String(context.value));
    if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
  });

export const quantities = z.record(
  z.string().regex(resourceName, 'is no resource; there are cpu, memory, ephemeral-storage and <domain>/<name>'),
  quantity,
);

/** A path a pod is asked for. */
export const path = z
  .string()
  .max(classesFileLimits.pathCharacters)
  .regex(/^\/[\x21-\x22\x24-\x7e]*$/, 'has to begin with "/" and be without white space, "#" and letters beyond ASCII');

export const image = z
  .string()
  .max(512)
  .regex(/^[A-Za-z0-9][\w.:/@-]*$/, 'is no image; write it as for docker pull, such as registry.example/agent:1.4')
  .meta({ examples: ['registry.example/agent:1.4'] });

export const env = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of a variable; use A-Z, a-z, 0-9 and "_", no digit first')
      .refine((name) => !reservedEnv.test(name), 'is set by Podkeeper; take another name'),
    z.string().max(classesFileLimits.envCharacters),
  )
  .refine(
    (all) => Object.keys(all).length <= classesFileLimits.env,
    `has more than ${classesFileLimits.env} variables`,
  );

export const nodeSelector = z
  .record(z.string().regex(labelName, "is no label's key"), z.string().regex(labelValue, "is no label's value"))
  .refine((all) => Object.keys(all).length <= classesFileLimits.labels, `has more than ${classesFileLimits.labels}`);

const toleration = z
  .strictObject({
    key: z.string().regex(labelName, "is no taint's key").exactOptional(),
    operator: z.enum(['Exists', 'Equal']).exactOptional(),
    value: z.string().regex(labelValue, "is no taint's value").exactOptional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).exactOptional(),
    tolerationSeconds: whole(0, 2_592_000).exactOptional(),
  })
  .check((context) => {
    const { key, operator, value, effect, tolerationSeconds } = context.value;
    const add = (message: string) => context.issues.push({ code: 'custom', input: context.value, message });
    if (key === undefined && operator !== 'Exists') add('has no key; that needs "operator: Exists"');
    if (operator === 'Exists' && value !== undefined) add('has "operator: Exists" and a value; leave one of them out');
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      add('has tolerationSeconds without "effect: NoExecute"');
  });

export const tolerationKeys = Object.keys(toleration.shape);
export const tolerations = z.array(toleration).max(classesFileLimits.tolerations);
