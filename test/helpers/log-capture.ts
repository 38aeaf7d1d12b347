import { type Logger, createLogger } from '../../platform/logger.ts';

export interface LogCapture {
  readonly logger: Logger;
  /** Every line so far, parsed. */
  readonly lines: () => Record<string, unknown>[];
  readonly text: () => string;
}

/** A real logger that writes into memory. */
export function captureLog(level = 'trace'): LogCapture {
  let written = '';
  const logger = createLogger({ level, name: 'test', destination: { write: (line) => void (written += line) } });
  const lines = () =>
    written
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, text: () => written };
}
