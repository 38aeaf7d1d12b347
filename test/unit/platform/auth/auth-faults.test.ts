import { describe, expect, it } from '@jest/globals';
import { authFaults } from '../../../../platform/auth/auth-faults.ts';
import { createAuth } from '../../../../platform/auth/create-auth.ts';
import { isLoopbackHost, isLoopbackHostHeader } from '../../../../platform/auth/loopback.ts';
import { ConfigError } from '../../../../platform/config/config-error.ts';
import { loadConfig } from '../../../../platform/config.ts';
import { captureLog } from '../../../helpers/log-capture.ts';

const secret = 'thirty-two bytes or more, as it has to be';
const faults = (env: Readonly<Record<string, string>>) => {
  const { auth, http } = loadConfig(env);
  return authFaults({ auth, host: http.host }).map(({ message }) => message);
};

describe('the settings of authentication', () => {
  it('must say how tokens are checked; the message says what can be set', () => {
    const [message, ...others] = faults({});
    expect(others).toEqual([]);
    for (const named of [
      'AUTH_TOKEN_SECRET',
      'openssl rand -base64 48',
      'AUTH_JWKS_URL',
      'AUTH_DISABLED=true',
      'HTTP_HOST=127.0.0.1',
    ]) {
      expect(message).toContain(named);
    }
  });

  it('name the setting of the process they are for', () => {
    const { auth } = loadConfig({ AUTH_DISABLED: 'true' });
    const [fault] = authFaults({ auth, host: '0.0.0.0', hostVariable: 'GATEWAY_HOST' });
    expect(fault?.message).toContain('Set GATEWAY_HOST=127.0.0.1');
    expect(fault?.message).not.toContain('HTTP_HOST=');
    expect(authFaults({ auth, host: '127.0.0.1', hostVariable: 'GATEWAY_HOST' })).toEqual([]);
    const [missing] = authFaults({ auth: loadConfig({}).auth, host: '0.0.0.0', hostVariable: 'GATEWAY_HOST' });
    expect(missing?.message).toContain('GATEWAY_HOST=127.0.0.1');
  });

  it.each([
    [{ AUTH_TOKEN_SECRET: secret }],
    [{ AUTH_TOKEN_SECRET: secret, AUTH_TOKEN_SECRET_PREVIOUS: `${secret} before` }],
    [{ AUTH_JWKS_URL: 'https://id.example.com/keys' }],
    [{ AUTH_JWKS_URL: 'http://127.0.0.1:9000/keys' }],
    [{ AUTH_JWKS_URL: 'http://[::1]:9000/keys' }],
    [{ AUTH_JWKS_FILE: '/etc/keys.json', AUTH_TOKEN_SECRET: secret }],
    [{ AUTH_DISABLED: 'true', HTTP_HOST: '127.0.0.1' }],
    [{ AUTH_DISABLED: 'true', HTTP_HOST: '::1' }],
  ])('are fine as %j', (env) => {
    expect(faults(env)).toEqual([]);
  });

  it.each([
    [{ AUTH_TOKEN_SECRET: 'x'.repeat(31) }, 'AUTH_TOKEN_SECRET: has 31 bytes'],
    [{ AUTH_TOKEN_SECRET: secret, AUTH_TOKEN_SECRET_PREVIOUS: 'short' }, 'AUTH_TOKEN_SECRET_PREVIOUS: has 5 bytes'],
    [{ AUTH_DISABLED: 'true' }, 'AUTH_DISABLED: true lets anyone in who can reach 0.0.0.0'],
    [{ AUTH_DISABLED: 'true', HTTP_HOST: '10.0.0.1', AUTH_TOKEN_SECRET: secret }, 'AUTH_DISABLED: true lets anyone in'],
    [{ AUTH_JWKS_URL: 'id.example.com' }, 'AUTH_JWKS_URL: is not an address'],
    [{ AUTH_JWKS_URL: 'http://id.example.com/keys' }, 'AUTH_JWKS_URL: is not https'],
    [{ AUTH_JWKS_URL: 'https://u:p@id.example.com/keys' }, 'AUTH_JWKS_URL: holds a user name or a password'],
    [{ AUTH_JWKS_URL: 'https://id.example.com/', AUTH_JWKS_FILE: '/f' }, 'AUTH_JWKS_FILE: AUTH_JWKS_URL is set too'],
  ])('are refused as %j', (env, message) => {
    const found = faults(env);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]).not.toContain('xxxx');
  });

  it('fail the start with a key file that cannot be read', async () => {
    const { auth, http } = loadConfig({ AUTH_JWKS_FILE: '/nowhere/keys.json' });
    const starting = createAuth({ auth, host: http.host, logger: captureLog().logger });
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(/AUTH_JWKS_FILE: .*ENOENT/);
  });
});

describe('a loopback host', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'LocalHost'])('is %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.example.com', '1270.0.0.1', 'localhost.example.com', ''])(
    'is not %j',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
  it.each(['localhost:8080', 'localhost', '127.0.0.1:1', '[::1]:8080'])('is in the Host header %s', (header) => {
    expect(isLoopbackHostHeader(header)).toBe(true);
  });
  it.each([undefined, '', 'evil.example.com:8080', '127.0.0.1.evil.example.com', '::1', 'localhost:80:80', '[::1'])(
    'is not in the Host header %j',
    (header) => {
      expect(isLoopbackHostHeader(header)).toBe(false);
    },
  );
});
