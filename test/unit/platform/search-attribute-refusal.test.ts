import { describe, expect, it } from '@jest/globals';
import { type SearchAttributeOptions, checkSearchAttributes } from '../../../platform/temporal/search-attributes.ts';
import { captureLog } from '../../helpers/log-capture.ts';

/** A connection whose operator service answers with this gRPC status; the rest of it is not there. */
function refusing(code: number): SearchAttributeOptions['connection'] {
  const error = Object.assign(new Error('refused'), { code, details: 'refused', metadata: {} });
  const connection: unknown = {
    withDeadline: (_deadline: number, call: () => unknown) => call(),
    operatorService: { listSearchAttributes: () => Promise.reject(error) },
  };
  return connection as SearchAttributeOptions['connection'];
}

describe('the check of search attributes', () => {
  it.each([7, 12, 16])(
    'warns with the whole list and goes on where the server refuses to list them (gRPC %i)',
    async (code) => {
      const log = captureLog();
      await checkSearchAttributes({ connection: refusing(code), namespace: 'cloud.abc', logger: log.logger });
      expect(log.lines()).toMatchObject([
        { level: 'warn', expected: expect.arrayContaining(['PodkeeperTags=KeywordList']) },
      ]);
    },
  );

  it.each([4, 13, 14])('fails where the server does not work (gRPC %i)', async (code) => {
    const { logger } = captureLog();
    const check = checkSearchAttributes({ connection: refusing(code), namespace: 'default', logger });
    await expect(check).rejects.toThrow('refused');
  });
});
