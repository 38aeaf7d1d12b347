import { formatDuration } from '../duration.ts';
import { printTable } from '../output.ts';
import type { SessionRow } from '../../triggers/gateway/starts/session-runs.ts';
import { type GatewayOptions, withGateway } from './gateway/open-gateway.ts';
import type { CommandContext } from './session-path.ts';

export interface ListOptions extends GatewayOptions {
  readonly all?: true;
  readonly limit: number;
  readonly output: 'text' | 'json';
}

interface SessionPage {
  readonly sessions: readonly SessionRow[];
  readonly cursor: string | null;
}

const pageSize = 100;

/** Prints sessions, newest first: one's own, or everybody's. */
export async function listSessions(options: ListOptions, { terminal, env }: CommandContext): Promise<void> {
  await withGateway({ options, env, terminal }, async (gateway) => {
    const { all = false, limit, output } = options;
    const rows: SessionRow[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(Math.min(pageSize, limit - rows.length)) });
      if (all) query.set('all', 'true');
      if (cursor !== null) query.set('cursor', cursor);
      const page = (await gateway.json({ method: 'GET', path: `/api/v1/sessions?${query.toString()}` })) as SessionPage;
      rows.push(...page.sessions);
      cursor = page.cursor;
    } while (cursor !== null && rows.length < limit);
    if (cursor !== null) terminal.stderr.write(`There are more than these ${limit}: --limit shows more.\n`);
    if (output === 'json') {
      for (const row of rows) terminal.stdout.write(`${JSON.stringify(row)}\n`);
      return;
    }
    if (rows.length === 0) {
      const start = 'The first request starts one: podkeeper sessions exec my-session \'{"say": "hello"}\'';
      terminal.stderr.write(all ? 'There are no sessions.\n' : `You have no sessions. ${start}\n`);
      return;
    }
    const nowMs = terminal.now().getTime();
    const owners = all
      ? [
          { title: 'KEY', value: ({ key }: SessionRow) => key },
          { title: 'TENANT', value: ({ tenant }: SessionRow) => tenant },
        ]
      : [];
    printTable(
      rows,
      [
        { title: 'SESSION', value: ({ sessionId }) => sessionId },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'CLASS', value: (row) => row.class },
        { title: 'AGE', value: ({ since }) => formatDuration((nowMs - Date.parse(since)) / 1000) },
        ...owners,
        { title: 'POD', value: ({ pod }) => pod ?? '' },
      ],
      terminal.stdout,
    );
  });
}
