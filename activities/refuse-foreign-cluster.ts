import { failures } from '../domain/failures.ts';
import { failure } from './failure.ts';

/** Throws `foreign_cluster` when the work is for another cluster than the one this worker serves. */
export function refuseForeignCluster({ asked, served }: { readonly asked: string; readonly served: string }): void {
  if (asked === served) return;
  throw failure('foreign_cluster', `${failures.foreign_cluster.meaning} Asked for "${asked}", serving "${served}".`);
}
