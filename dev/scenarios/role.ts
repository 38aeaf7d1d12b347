/** The label that says which part of a scenario a pod plays when its name is generated. */
export const roleLabel = 'role';

/** What a scenario calls this pod. */
export function roleOf({
  metadata,
}: {
  readonly metadata?: { name?: string; labels?: Record<string, string> };
}): string {
  return metadata?.labels?.[roleLabel] ?? metadata?.name ?? '';
}
