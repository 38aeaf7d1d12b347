import { describe, expect, it } from '@jest/globals';
import { createTemporalLogger } from '../../../platform/temporal/runtime.ts';
import { captureLog } from '../../helpers/log-capture.ts';

describe('the logger', () => {
  it('writes one JSON object a line, with level, time and process name', () => {
    const log = captureLog();
    log.logger.info({ pods: 3 }, 'listed');
    log.logger.warn('slow');
    expect(log.lines()).toMatchObject([
      { level: 'info', name: 'test', msg: 'listed', pods: 3, time: expect.stringMatching(/^\d{4}-.*Z$/) },
      { level: 'warn', msg: 'slow' },
    ]);
  });

  it('leaves out what is below its level', () => {
    const log = captureLog('warn');
    log.logger.info('not this');
    log.logger.error('this');
    expect(log.lines().map(({ msg }) => msg)).toEqual(['this']);
  });

  it('hides members that hold secrets, at the top and one level down', () => {
    const log = captureLog();
    log.logger.info({
      password: 'sesame',
      server: { apiKey: 'key-4711', address: 'a:1' },
      headers: { authorization: 'Bearer t' },
    });
    expect(log.text()).not.toMatch(/sesame|key-4711|Bearer/);
    expect(log.lines()[0]).toMatchObject({ password: '(hidden)', server: { address: 'a:1' } });
  });
});

describe("the Temporal SDK's log", () => {
  it('goes through ours with its level, attributes and error', () => {
    const log = captureLog();
    const temporal = createTemporalLogger(log.logger);
    temporal.error('activity failed', { taskQueue: 'q', error: new Error('broken'), nanoseconds: 12n });
    temporal.log('WARN', 'careful', { [Symbol('timestamp')]: 1 });
    temporal.info('plain');
    expect(log.lines()).toMatchObject([
      { level: 'error', component: 'temporal', msg: 'activity failed', taskQueue: 'q', err: { message: 'broken' } },
      { level: 'warn', msg: 'careful' },
      { level: 'info', msg: 'plain' },
    ]);
  });

  it('obeys our level', () => {
    const log = captureLog('warn');
    createTemporalLogger(log.logger).info('not this');
    expect(log.lines()).toEqual([]);
  });
});
