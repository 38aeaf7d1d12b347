import type { ClientRequest } from './tables.ts';

type Asked = Omit<ClientRequest, 'beginMs' | 'endMs' | 'status' | 'code' | 'error' | 'start' | 'pod'>;
type Answered = Partial<Pick<ClientRequest, 'requestId' | 'status' | 'code' | 'error' | 'start' | 'pod'>>;

/** What clients asked and were answered, those in flight included. */
export interface ClientTable {
  readonly rows: () => readonly ClientRequest[];
  /** Writes down a request just before it is sent; what it returns is called once its answer is over. */
  readonly begin: (asked: Asked) => (answered: Answered) => ClientRequest;
}

export function createClientTable(): ClientTable {
  const rows: ClientRequest[] = [];
  return {
    rows: () => [...rows],
    begin: (asked) => {
      const open = { status: null, code: null, error: null, start: null, pod: null };
      const index = rows.push({ ...asked, ...open, beginMs: Date.now(), endMs: null }) - 1;
      return (answered) => {
        const row = { ...rows[index]!, ...answered, endMs: Date.now() };
        rows[index] = row;
        return row;
      };
    },
  };
}
