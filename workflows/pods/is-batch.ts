/** Anyone may send a signal; one of another shape would otherwise fail the run's task for ever. */
export function isBatch(batch: unknown): boolean {
  const { changes, epoch } = (batch ?? {}) as { readonly changes?: unknown; readonly epoch?: unknown };
  if (!Array.isArray(changes) || typeof epoch !== 'number') return false;
  return changes.every((change) => typeof change === 'object' && change !== null);
}
