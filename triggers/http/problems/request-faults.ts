import type { core } from 'zod';
import type { RequestFault } from './problem.ts';

/** Whoever sends a thousand faults learns nothing from the last nine hundred. */
const maxFaults = 50;
const maxMessageLength = 300;

type Issue = core.$ZodIssue;

/** What zod found wrong below `root` (`body`, `query`, `body[3]`), with a path for each place: `body.item.metadata.uid`. */
export function requestFaults(root: string, issues: readonly Issue[]): RequestFault[] {
  return issues
    .flatMap((issue) => issueFaults(root, issue))
    .slice(0, maxFaults)
    .map(({ path, message }) => ({ path, message: message.slice(0, maxMessageLength) }));
}

function issueFaults(root: string, issue: Issue): RequestFault[] {
  const path = root + issue.path.map(pathStep).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: path + pathStep(key), message: 'is not known here' }));
  }
  if (issue.code === 'invalid_union') {
    const closest = closestBranch(issue.errors);
    if (closest !== undefined) return closest.flatMap((inner) => issueFaults(path, inner));
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ path, message: missing ? `is missing; expected ${issue.expected}` : plainMessage(issue.message) }];
}

/** zod's messages begin a sentence; ours go on after the path. */
function plainMessage(message: string): string {
  const text = message.replace(/^Invalid (input|option): /, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A fault in one line. */
export function describeFault({ path, message }: RequestFault): string {
  return message.startsWith('is ') ? `${path} ${message}` : `${path}: ${message}`;
}

/** The form of a union that the request came closest to: the one whose first fault lies deepest. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (branch: readonly Issue[]) => branch[0]?.path.length ?? 0;
  return branches
    .filter((branch) => branch.length > 0)
    .reduce<readonly Issue[] | undefined>(
      (best, branch) => (best === undefined || depth(branch) > depth(best) ? branch : best),
      undefined,
    );
}

function pathStep(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`;
  const name = String(key);
  return /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 100))}]`;
}
