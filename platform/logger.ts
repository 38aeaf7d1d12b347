import { type DestinationStream, type Logger, destination, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

/** Members with these names never reach a log line, at the top of an entry or one level down. */
const secretMembers = ['password', 'apiKey', 'token', 'authorization', 'secret', 'clientCertPair'];

export interface LoggerOptions {
  /** `trace` … `error`, or `silent`. */
  readonly level: string;
  /** The process, as it appears in every line: `watch-worker`. */
  readonly name: string;
  /** Where the lines go; standard error when left out. */
  readonly destination?: DestinationStream;
}

/**
 * One JSON object a line. Standard error, because standard output belongs to what a command prints for its caller;
 * written synchronously, so that the last line before an exit is not lost.
 */
export function createLogger({ level, name, destination: stream }: LoggerOptions): Logger {
  const redact = { paths: secretMembers.flatMap((member) => [member, `*.${member}`]), censor: '(hidden)' };
  return pino(
    {
      level,
      name,
      redact,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream ?? destination({ fd: 2, sync: true }),
  );
}
