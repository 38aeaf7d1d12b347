import type { Scope } from '../../../domain/scopes.ts';
import { mintToken } from '../../../platform/auth/mint-token.ts';
import { settings } from '../../../platform/config/settings.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import type { ReplayFiles } from './files.ts';

const lifetimeSeconds = 86_400;
const scopes: readonly Scope[] = ['events:write', 'runs:read', 'replays:write'];

/** Mints a token for the demo's HTTP API, as `podkeeper token` would, keeps it in its file, and calls the API with it; the gateway takes it, too. */
export async function openApi(input: {
  readonly url: string;
  /** The one the API checks tokens with. */
  readonly tokenSecret: string;
  readonly files: Pick<ReplayFiles, 'writeToken'>;
}): Promise<{ readonly api: ApiClient; readonly token: string }> {
  const token = await mintToken({
    secret: new TextEncoder().encode(input.tokenSecret),
    issuer: settings.auth.issuer.defaultText,
    audience: settings.auth.audience.defaultText,
    subject: 'demo',
    scopes,
    lifetimeSeconds,
  });
  await input.files.writeToken(token);
  return { api: createApiClient({ url: input.url, token }), token };
}
