import { printable } from '../../output.ts';

/** Exit codes of commands that ask a gateway. */
export const exitCodes = { failed: 1, usage: 2, tryAgain: 3 } as const;

/** A gateway refused, failed or could not be asked; the message is one line and says what to do. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly exitCode: number;
  /** Of the problem document; empty when there was none. */
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    {
      exitCode = exitCodes.failed,
      code = '',
      retryAfterSeconds,
      cause,
    }: {
      readonly exitCode?: number;
      readonly code?: string;
      readonly retryAfterSeconds?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(printable(message), { cause });
    this.exitCode = exitCode;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What a person can do about a code, beside what the answer itself says. */
const advice: Readonly<Record<string, string>> = {
  unauthenticated: 'Give a token with PODKEEPER_TOKEN or --token; "podkeeper token" mints one for local use.',
  not_found: '"podkeeper sessions list" shows yours; --key needs a token with sessions:admin.',
  invalid_session_id: 'Take another id.',
  class_mismatch: 'Leave --class out to use the session as it is, or end it first.',
  session_ending: 'Ask again in a moment: the next request starts it anew.',
  session_deleted: 'Ask again: the next request starts it anew.',
  tenant_limit: 'End sessions you need no more ("podkeeper sessions list"), or raise MAX_SESSIONS_PER_TENANT.',
  cluster_limit: 'End sessions nobody needs, or raise MAX_CONCURRENT_SESSIONS.',
  image_error: "Mend the class's image, or what the cluster needs to pull it.",
  start_crash: "Look at the pod's log, or try its image by hand.",
  unschedulable: 'Give the cluster room, or the class smaller requests.',
  orchestrator_unavailable: 'Is Temporal up, and does a session worker run? ("npm run worker:sessions")',
  admission_unavailable: 'Is Redis up?',
};

interface ProblemFields {
  readonly code: string;
  readonly detail: string;
  readonly retryable: boolean;
}

/** The error that a problem document stands for; undefined when the text is none of Podkeeper's. */
export function problemError(
  text: string,
  { status, retryAfter }: { readonly status: number; readonly retryAfter: string | undefined },
): GatewayError | undefined {
  const problem = readProblem(text);
  if (problem === undefined) return undefined;
  const { code, detail, retryable } = problem;
  const retryAfterSeconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  const hint = advice[code] ?? '';
  const again = !retryable ? '' : `Try again${retryAfterSeconds === undefined ? '' : ` in ${retryAfterSeconds} s`}.`;
  const parts = [
    `${detail.replace(/\.?$/, '.')} (${status} ${code})`,
    hint,
    hint === '' || retryAfterSeconds !== undefined ? again : '',
  ];
  return new GatewayError(parts.filter((part) => part !== '').join(' '), {
    exitCode: retryable ? exitCodes.tryAgain : exitCodes.failed,
    code,
    retryAfterSeconds,
  });
}

function readProblem(text: string): ProblemFields | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // Not JSON, so not a problem document.
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const { type, code, detail, retryable } = document as Readonly<Record<string, unknown>>;
  if (typeof type !== 'string' || !type.startsWith('urn:podkeeper:problem:')) return undefined;
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  return { code, detail, retryable: retryable === true };
}
