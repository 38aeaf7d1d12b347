import { createDraft } from '../../draft.ts';
import type { Rule } from '../../rule.ts';

/** The pod ran longer than its activeDeadlineSeconds. */
export const findDeadlineExceeded: Rule = ({ deadline, snapshot }) => {
  if (deadline === undefined) return [];
  const seconds = snapshot.activeDeadlineSeconds;
  const said = seconds === undefined ? '' : ` of ${seconds} s`;
  return [
    createDraft({
      cause: 'DeadlineExceeded',
      confidence: deadline.confidence,
      at: deadline.at,
      summary: `the pod ran longer than its active deadline${said} and was stopped`,
      remedy: 'raise activeDeadlineSeconds or make the work shorter',
      evidence: deadline.evidence,
    }),
  ];
};
