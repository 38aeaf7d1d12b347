import { endedByDeletion } from '../../context/deletion.ts';
import { endedByDisruption } from '../../context/disruption.ts';
import { podEvidence } from '../../draft.ts';
import type { Confidence } from '../../types.ts';
import { createEndDraft, sayRestarts } from '../create-end-draft.ts';
import type { End, EndStep } from '../end.ts';
import { sayExitCode } from '../exit-codes.ts';

/** Reason OOMKilled: the kernel killed a process of the container. How sure we are that it ended it is the grade. */
export const decideOom: EndStep = (input) => {
  const { view, end } = input;
  if (end.record.reason !== 'OOMKilled') return undefined;
  const limit = view.spec.limits?.['memory'];
  const confidence = gradeOom(input);
  const said = limit === undefined ? 'out of memory' : `out of memory (limit ${limit})`;
  const doubt = confidence === 'possible' ? ' (the record may be of an earlier kill of one of its processes)' : '';
  return createEndDraft(input, {
    cause: 'OOMKilled',
    severity: view.loops ? 'critical' : 'high',
    confidence,
    summary:
      confidence === 'confirmed'
        ? `container ${view.name} was killed by the kernel: ${said}, exit code 137${sayRestarts(view)}`
        : `container ${view.name} ended with exit code ${sayExitCode(end.record.exitCode)} after the kernel killed a process in it: ${said}${sayRestarts(view)}${doubt}`,
    remedy:
      limit === undefined
        ? `container ${view.name} has no memory limit, so the node or the pod ran out: set a request and a limit that fit its use`
        : `raise the memory limit of container ${view.name} (now ${limit}) or reduce what it uses`,
    evidence: podEvidence(`${view.specPath}.resources.limits.memory`, limit),
  });
};

/** Exit 143 or 0, a deletion or a drain leave the doubt that the cgroup's counter is old. */
function gradeOom({ context, view, end }: End): Confidence {
  const { exitCode } = end.record;
  if (exitCode === 143 || exitCode === 0) return 'possible';
  if (endedByDeletion(context.deletion, view, end)) return 'possible';
  if (endedByDisruption(context.disruption, end, context.windows)) return 'possible';
  return exitCode === 137 ? 'confirmed' : 'likely';
}
