import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { headersForClient, headersForPod } from '../../../../triggers/gateway/request/forwarded-headers.ts';
import { framingFault } from '../../../../triggers/gateway/request/framing-fault.ts';
import { readTarget } from '../../../../triggers/gateway/request/request-target.ts';
import { check, propertySeed } from '../../../helpers/properties.ts';

describe('the target of a request', () => {
  it.each([
    ['/api/v1/session/alice-1/execute', { kind: 'execute', sessionId: 'alice-1' }],
    ['/api/v1/session/alice-1', { kind: 'session', sessionId: 'alice-1' }],
    ['/api/v1/session/a%7Eb/status?x=1', { kind: 'status', sessionId: 'a~b' }],
    ['/api/v1/session/a/extend', { kind: 'extend', sessionId: 'a' }],
    ['/api/v1/session/a/proxy', { kind: 'proxy', sessionId: 'a', path: '/' }],
    ['/api/v1/session/a/proxy/', { kind: 'proxy', sessionId: 'a', path: '/' }],
    ['/api/v1/session/a/proxy/x/y?q=%2F..#'.slice(0, -1), { kind: 'proxy', sessionId: 'a', path: '/x/y?q=%2F..' }],
    ['/api/v1/session/a/proxy/%20%41', { kind: 'proxy', sessionId: 'a', path: '/%20%41' }],
  ])('names a session: %s', (target, route) => {
    expect(readTarget(target)).toEqual(route);
  });

  it.each([
    'http://elsewhere/api/v1/session/a/execute',
    '*',
    'elsewhere:443',
    '',
    '/api/v1/session/a/proxy/../../b/execute',
    '/api/v1/session/a/proxy/.',
    '/api/v1/session/a/proxy/%2e%2e/x',
    '/api/v1/session/a/proxy/%2E./x',
    '/api/v1/session/a/proxy/x%2Fy',
    '/api/v1/session/a/proxy/x%5cy',
    '/api/v1/session/a/proxy/x\\y',
    '/api/v1/session/a/proxy/%00',
    '/api/v1/session/a/proxy/%zz',
    '/api/v1/session/a/proxy//x',
    '/api/v1/session/a/proxy/ä',
    '/api/v1/session/a/proxy/x#y',
    '/api/v1/session/a/proxy/x y',
    '/api/v1/session/a/status/%2e',
  ])('is refused where two could read it as two paths: %s', (target) => {
    expect(readTarget(target)).toMatchObject({ code: 'invalid_request' });
  });

  it.each([
    '/api/v1/session/',
    '/api/v1/session/.a/execute',
    '/api/v1/session/a%2Fb/execute',
    '/api/v1/session/%2e%2e/execute',
  ])('is refused without a session id: %s', (target) => {
    expect(readTarget(target)).toMatchObject({ code: 'invalid_session_id' });
  });

  it.each(['/', '/api/v1/sessions', '/api/v1/session/a/other', '/api/v1/session/a/execute/x'])(
    'is not there: %s',
    (target) => {
      expect(readTarget(target)).toMatchObject({ code: 'not_found' });
    },
  );

  it(`never leads out of the session, whatever it is (PODKEEPER_TEST_SEED=${propertySeed})`, () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2f',
      '%',
      'a',
      '?',
      '#',
      '\\',
      '%5C',
      '//',
      ' ',
      'proxy',
      'ä',
      '\0',
    );
    check(
      fc.array(piece, { maxLength: 12 }),
      (pieces) => {
        const route = readTarget(`/api/v1/session/a/proxy/${pieces.join('')}`);
        if (!('kind' in route) || route.kind !== 'proxy') return;
        const resolved = new URL(route.path, 'http://pod');
        expect(resolved.host).toBe('pod');
        expect(resolved.href).toBe(`http://pod${route.path}`);
      },
      2000,
    );
  });
});

const by = { clientAddress: '10.1.2.3', protocol: 'https', requestId: 'r1' } as const;
const namesOf = (raw: readonly string[]) =>
  raw.filter((_text, index) => index % 2 === 0).map((name) => name.toLowerCase());

describe('the headers a pod gets', () => {
  it('are those of the client, in their order and case, repeated ones too, and ours', () => {
    expect(headersForPod(['Host', 'h', 'X-A', '1', 'Cookie', 'a=1', 'x-a', '2'], by)).toEqual([
      ...['Host', 'h', 'X-A', '1', 'Cookie', 'a=1', 'x-a', '2'],
      ...['X-Forwarded-For', '10.1.2.3', 'X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'h', 'X-Request-Id', 'r1'],
    ]);
  });

  it.each([
    'Authorization',
    'Proxy-Authorization',
    'Connection',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'Forwarded',
    'X-Real-IP',
    'X-Forwarded-Anything',
    'X-Podkeeper-Mac',
    'X_Forwarded_For',
    'x_podkeeper-nonce',
    'X_Request_Id',
  ])('never hold %s of the client', (name) => {
    expect(headersForPod([name, 'of the client', 'Host', 'h'], by)).not.toContain('of the client');
  });

  it('do not hold what Connection names, and ours can not be named away', () => {
    const raw = [
      'Connection',
      'close, X-Secret , x-forwarded-for,X-Request-Id',
      'x-secret',
      's',
      'Host',
      'h',
      'X-Request-Id',
      'old',
    ];
    const headers = headersForPod(raw, by);
    expect(headers).not.toContain('s');
    expect(headers).not.toContain('old');
    expect(namesOf(headers)).toEqual([
      'host',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-request-id',
    ]);
  });

  it('keep what says where the body ends, whatever Connection names', () => {
    expect(
      namesOf(headersForPod(['Connection', 'Content-Length, Host', 'Content-Length', '5', 'Host', 'h'], by)),
    ).toEqual(expect.arrayContaining(['content-length', 'host']));
  });
});

describe('the headers a client gets', () => {
  it('are those of the pod without what is between two neighbours, and without ours', () => {
    const raw = [
      'Connection',
      'X-B',
      'X-B',
      '1',
      'Set-Cookie',
      'a',
      'Set-Cookie',
      'b',
      'X-Podkeeper-Start',
      'warm',
      'Keep-Alive',
      '5',
    ];
    expect(headersForClient(raw)).toEqual(['Set-Cookie', 'a', 'Set-Cookie', 'b']);
  });
});

describe('a request', () => {
  it.each([
    ['has both ways to say where it ends', ['Host', 'h', 'Content-Length', '5', 'Transfer-Encoding', 'chunked']],
    ['has two lengths', ['Host', 'h', 'Content-Length', '5', 'content-length', '5']],
    ['has a list of lengths', ['Host', 'h', 'Content-Length', '5, 5']],
    ['has a signed length', ['Host', 'h', 'Content-Length', '+5']],
    ['has a length in hex', ['Host', 'h', 'Content-Length', '0x5']],
    ['is chunked and something else', ['Host', 'h', 'Transfer-Encoding', 'gzip, chunked']],
    ['is chunked twice', ['Host', 'h', 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked']],
    ['is chunked in a strange way', ['Host', 'h', 'Transfer-Encoding', '\x0bchunked']],
    ['is for nobody', ['X-A', '1']],
    ['is for two hosts', ['Host', 'h', 'host', 'g']],
    ['expects something', ['Host', 'h', 'Expect', '200-ok']],
    ['has too many headers', ['Host', 'h', ...Array.from({ length: 100 }, () => ['X', '1']).flat()]],
  ])('is refused when it %s', (_what, raw) => {
    expect(framingFault(raw)).toMatch(/\.$/);
  });

  it.each([
    [['Host', 'h']],
    [['Host', 'h', 'Content-Length', '0']],
    [['Host', 'h', 'Transfer-Encoding', 'Chunked', 'Expect', '100-Continue']],
  ])('is taken: %j', (raw) => {
    expect(framingFault(raw)).toBeUndefined();
  });
});
