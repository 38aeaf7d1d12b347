import type { Server } from 'node:http';
import type { SessionPodSettings } from './settings.mjs';
import type { SessionState } from './state.mjs';

export interface SessionServer {
  /** Not yet listening. */
  readonly server: Server;
  readonly webSockets: ReadonlySet<{ close(code: number): void }>;
  refuseReuse(): void;
}

export function createSessionServer(input: {
  readonly settings: SessionPodSettings;
  readonly state: SessionState;
}): SessionServer;
