import type { SessionPodSettings } from './settings.mjs';

export interface SessionState {
  view(): unknown;
  append(body: unknown, requestId: string | null): Promise<number>;
  save(): Promise<void>;
}

export function openState(
  settings: Pick<SessionPodSettings, 'sessionId' | 'incarnation' | 'stateFile'>,
): Promise<SessionState>;
