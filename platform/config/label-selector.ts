const namePart = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const key = `([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?${namePart}`;
const value = `(${namePart})?`;
const requirements = [
  `!?\\s*${key}`,
  `${key}\\s*(=|==|!=)\\s*${value}`,
  `${key}\\s*[<>]\\s*\\d+`,
  `${key}\\s+(in|notin)\\s*\\(\\s*${value}(\\s*,\\s*${value})*\\s*\\)`,
].map((pattern) => new RegExp(`^${pattern}$`));

/**
 * Says what is wrong with a label selector, or nothing. The API server would answer 400 to it, but only after the
 * process has started. Grammar: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function labelSelectorFault(selector: string): string | undefined {
  if (selector.trim() === '') return undefined;
  const faulty = splitOutsideParentheses(selector).find(
    (requirement) => !requirements.some((pattern) => pattern.test(requirement.trim())),
  );
  return faulty === undefined ? undefined : `not a label selector at "${faulty.trim().slice(0, 80)}"`;
}

function splitOutsideParentheses(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/);
}
