/**
 * A type of `@kubernetes/client-node` as it is on the wire: its classes turn times into `Date`, JSON has RFC 3339 strings,
 * and everything here works on what the API server sent.
 */
export type AsSent<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? AsSent<Item>[]
    : T extends object
      ? { [Key in keyof T]: AsSent<T[Key]> }
      : T;
