import type { BenchProcess } from './bench-process.ts';
import type { LoadTarget } from './load/load-connection.ts';

/** One way to the pod. */
export interface Way {
  readonly name: 'direct' | 'gateway' | 'configurableHttpProxy' | 'nginx';
  readonly target: LoadTarget;
  /** What stands between; null where nothing does. */
  readonly proxy: BenchProcess | null;
}
