import { searchAttributes } from '../../../domain/search-attributes.ts';
import type { RunInfo } from '../../../platform/temporal/runs/run-row.ts';

type TextAttribute = 'namespace' | 'pod' | 'owner' | 'state';

/** What a run shows in one of its search attributes; empty where it shows nothing. */
export function shownText({ typedSearchAttributes }: Pick<RunInfo, 'typedSearchAttributes'>, attribute: TextAttribute) {
  const { name } = searchAttributes[attribute];
  const value = typedSearchAttributes.getAll().find(({ key }) => key.name === name)?.value;
  return typeof value === 'string' ? value : '';
}
