import { demoSessionId } from './demo-session.ts';
import type { SeenAnswer } from './session-record.ts';

const timeoutMs = 60_000;

/** What the session's status says, as far as the demo shows it. */
export interface SessionView {
  readonly phase: string;
  readonly why: string;
}

/** Calls the gateway as any client of a session would. */
export interface GatewayClient {
  readonly url: string;
  execute(body: unknown): Promise<SeenAnswer>;
  /** Null when there is no session. */
  status(): Promise<SessionView | null>;
}

/** Each call throws with the problem's own words when the answer is no success. */
export function createGatewayClient({ url, token }: { readonly url: string; readonly token: string }): GatewayClient {
  const call = (path: string, init: RequestInit): Promise<Response> =>
    fetch(new URL(`/api/v1/session/${demoSessionId}/${path}`, url), {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
  const refuse = async (what: string, answer: Response): Promise<never> => {
    throw new Error(`${what} was answered ${answer.status}: ${await answer.text()}`);
  };
  return {
    url,
    async execute(body) {
      const sentMs = performance.now();
      const answer = await call('execute', { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) return await refuse('execute', answer);
      const { incarnation, count } = (await answer.json()) as { readonly incarnation: number; readonly count: number };
      const seconds = (performance.now() - sentMs) / 1000;
      return { start: answer.headers.get('x-podkeeper-start') ?? '', incarnation, count, seconds };
    },
    async status() {
      const answer = await call('status', {});
      if (answer.status === 404) return null;
      return answer.ok ? ((await answer.json()) as SessionView) : await refuse('status', answer);
    },
  };
}
