/** Undoes what was done, the last first, whatever happens meanwhile. */
export function createCleanup() {
  const undos: (() => Promise<void> | void)[] = [];
  return {
    add(undo: () => Promise<void> | void): void {
      undos.push(undo);
    },
    /** Does all of it, even when one fails; then throws the first failure. */
    async run(): Promise<void> {
      const failures: unknown[] = [];
      for (const undo of undos.splice(0).reverse()) {
        try {
          await undo();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
