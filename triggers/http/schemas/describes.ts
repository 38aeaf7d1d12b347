import type { z } from 'zod';

/** Without `readonly`, which a schema does not repeat. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * Ties the schema of an answer to the type of what is answered: `describes<PodState>()(z.object({ … }))`. A field that
 * only one of the two has, or has otherwise, does not compile: fastify would leave it out of the answer without a word.
 */
export function describes<T>() {
  return <S extends z.ZodType>(
    schema: S & (Same<Plain<z.output<S>>, Plain<T>> extends true ? unknown : { readonly differsFrom: T }),
  ): z.ZodType<T> => schema as unknown as z.ZodType<T>;
}
