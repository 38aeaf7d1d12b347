import { scopeFaults, type WatchScope } from '../../../../domain/pods/watch/watch-scope.ts';
import { labelSelectorFault } from '../../../../platform/config/label-selector.ts';
import type { WatchConfiguration } from '../../../../workflows/watch-pods.messages.ts';
import type { RequestFault } from '../../problems/problem.ts';

/** What is to be other than it is. */
export interface ConfigurationChanges extends Partial<Omit<WatchConfiguration, 'scope'>> {
  readonly scope?: ScopeChanges;
}

export interface ScopeChanges extends Partial<Omit<WatchScope, 'labelSelector'>> {
  /** Null watches all labels. */
  readonly labelSelector?: string | null;
}

/** The configuration with the changes in it; fields keep their order, because it counts for the configuration's hash. */
export function mergeConfiguration(
  inForce: WatchConfiguration,
  { scope: changed = {}, ...others }: ConfigurationChanges,
): WatchConfiguration {
  const { labelSelector = inForce.scope.labelSelector ?? null, ...exact } = changed;
  const { labelSelector: _, ...scope } = { ...inForce.scope, ...exact };
  return {
    ...inForce,
    ...others,
    scope: { ...scope, ...(labelSelector === null ? {} : { labelSelector }) },
  };
}

/** What is wrong with the scope that a request would bring about; each fault begins with the field it is about. */
export function scopeRequestFaults(scope: WatchScope, inForce: WatchScope): readonly RequestFault[] {
  const faults = scopeFaults(scope);
  const selectorFault = labelSelectorFault(scope.labelSelector ?? '');
  if (selectorFault !== undefined) faults.push(`labelSelector is ${selectorFault}`);
  if (scope.scopeName !== inForce.scopeName) {
    faults.push(`scopeName can't change: this run watches "${inForce.scopeName}"`);
  }
  return faults.map((fault) => {
    const [, field = '', message = fault] = /^(\S+) (.*)$/s.exec(fault) ?? [];
    return { path: `body.configuration.scope.${field}`, message };
  });
}
