import { type Evidence } from '../../types.ts';
import { parseQuantity } from '../../values/quantity.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { End, EndStep } from '../end.ts';

/** 137 that nothing explains. It is not called out of memory: the kernel's kill would have left its reason. */
export const decideKilled: EndStep = (input) => {
  const { view } = input;
  const memory = findMemoryUse(input);
  return createEndDraft(input, {
    cause: 'Killed',
    confidence: 'possible',
    signal: 'SIGKILL',
    detail: memory?.hint,
    summary: `container ${view.name} was killed (SIGKILL, exit code 137) and nothing recorded says by whom${sayRestarts(view)}`,
    remedy: `look for who sent SIGKILL to container ${view.name}: a probe (see the pod's Events), the node, or a process inside it`,
    evidence: memory === undefined ? [] : [memory.evidence],
  });
};

/** Memory use against the limit: a hint only, a use near the limit proves nothing. */
function findMemoryUse({ context, view }: End): { hint: string; evidence: Evidence } | undefined {
  const use = context.evidence.metrics?.find(({ container }) => container === view.name);
  const limit = parseQuantity(view.spec.limits?.['memory']);
  if (use === undefined || limit === undefined || limit <= 0) return undefined;
  const percent = Math.round((use.memoryBytes / limit) * 100);
  const evidence: Evidence = {
    source: 'metrics',
    path: `containers[${view.name}].usage.memory`,
    value: String(use.memoryBytes),
    ...(use.observedAt === undefined ? {} : { observedAt: use.observedAt }),
  };
  return { hint: `memory use was ${percent} % of the limit`, evidence };
}
