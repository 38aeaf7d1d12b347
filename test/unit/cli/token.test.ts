import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { addTokenCommand } from '../../../cli/token.ts';
import { scopes } from '../../../domain/scopes.ts';
import { createTokenVerifier } from '../../../platform/auth/token-verifier.ts';
import { runCommand } from '../../helpers/run-command.ts';

const secret = 'thirty-two bytes or more, as it has to be';
const token = (args: readonly string[], env: Readonly<Record<string, string>> = { AUTH_TOKEN_SECRET: secret }) =>
  runCommand((program, terminal) => addTokenCommand(program, terminal, env), ['token', ...args]);
const verifier = (name = 'podkeeper') =>
  createTokenVerifier({ secrets: [new TextEncoder().encode(secret)], issuer: name, audience: name });

describe('podkeeper token', () => {
  it('prints a token that the API accepts, with the scopes asked for, good for an hour', async () => {
    const { code, stdout, faults } = await token(['--scope', 'runs:read', '-s', 'events:write', '--subject', 'ann']);
    expect({ code, faults }).toEqual({ code: 0, faults: [] });
    const { subject, scopes: held, expiresAt } = await verifier()(stdout.trim());
    expect({ subject, held: [...held] }).toEqual({ subject: 'ann', held: ['runs:read', 'events:write'] });
    expect((expiresAt.getTime() - Date.now()) / 60_000).toBeCloseTo(60, 0);
  });

  it('prints one with every scope', async () => {
    const { stdout } = await token(['--all', '--ttl', '7d']);
    const { scopes: held } = await verifier()(stdout.trim());
    expect([...held]).toEqual(Object.keys(scopes));
    const { exp = 0, iat = 0 } = decodeJwt(stdout.trim());
    expect(exp - iat).toBe(7 * 86_400);
  });

  it('follows the issuer and the audience of the API', async () => {
    const { stdout } = await token(['--all'], { AUTH_TOKEN_SECRET: secret, AUTH_ISSUER: 'us', AUTH_AUDIENCE: 'us' });
    await expect(verifier('us')(stdout.trim())).resolves.toMatchObject({ subject: 'local' });
    await expect(verifier()(stdout.trim())).rejects.toThrow();
  });

  it('prints one for sessions alone, with claims that name a tenant and restrict the classes', async () => {
    const { code, stdout } = await token(['--sessions', '--claim', 'tenant=blue', '--claim', 'podkeeper_classes=a b']);
    expect(code).toBe(0);
    const { scopes: held, claims } = await verifier()(stdout.trim());
    expect([...held]).toEqual([]);
    expect(claims).toMatchObject({ sub: 'local', tenant: 'blue', podkeeper_classes: 'a b' });
  });

  it.each([
    [['--all'], {}, 'AUTH_TOKEN_SECRET is not set. Make one'],
    [['--all'], { AUTH_TOKEN_SECRET: 'short' }, 'AUTH_TOKEN_SECRET has 5 bytes, fewer than 32'],
    [[], { AUTH_TOKEN_SECRET: secret }, 'Give at least one --scope, --all, or --sessions'],
    [['--all', '--subject', ''], { AUTH_TOKEN_SECRET: secret }, 'Give a --subject'],
  ])('says what is missing for %j with %j', async (args, env, message) => {
    const { code, stdout, faults } = await token(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(faults.join()).toContain(message);
  });

  it.each([
    [['--scope', 'everything'], 'Give one of events:write, runs:read'],
    [['--sessions', '--claim', 'tenant'], 'Give <name>=<value>'],
    [['--sessions', '--claim', 'sub=root'], 'The claim sub follows from --subject'],
    [['--all', '--ttl', '31d'], '30d at most'],
    [['--all', '--ttl', 'soon'], 'Give a time such as'],
    [['--all', '--ttl', '0s'], 'Give a time such as'],
  ])('refuses %j', async (args, message) => {
    const { code, faults } = await token(args);
    expect(code).toBe(2);
    expect(faults.join()).toContain(message);
  });
});
