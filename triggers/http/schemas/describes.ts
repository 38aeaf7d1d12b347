import type { z } from 'zod';

/** A type taken apart: no `readonly`, which a schema does not repeat, and whether a field may be absent as a field itself. */
type Shape<T> = T extends readonly (infer Item)[]
  ? readonly Shape<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: { optional: IsOptional<T, Key>; value: Shape<T[Key]> } }
    : T;

type IsOptional<T, Key extends keyof T> = Pick<T, Key> extends Required<Pick<T, Key>> ? false : true;

type Same<A, B> = [A, B] extends [B, A] ? true : false;

/**
 * Ties the schema of an answer to the type of what is answered: `describes<PodState>()(z.object({ … }))`. A field that
 * only one of the two has, or has otherwise, does not compile: fastify would leave it out of the answer without a word.
 */
export function describes<T>() {
  return <S extends z.ZodType>(
    schema: S & (Same<Shape<z.output<S>>, Shape<T>> extends true ? unknown : { readonly differsFrom: T }),
  ): z.ZodType<T> => schema as unknown as z.ZodType<T>;
}
