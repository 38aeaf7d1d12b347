import { exitCodes, GatewayError } from './gateway-error.ts';

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Why a gateway could not be asked, and what to do. `url` is without a path. */
export function connectionError(error: unknown, url: string): GatewayError {
  const code = codeOf(error);
  const named = 'Name another one with --url or PODKEEPER_GATEWAY_URL';
  if (code === 'ECONNREFUSED') {
    return new GatewayError(`No gateway answers at ${url}. Start one with "npm run gateway", or name it with --url.`, {
      exitCode: exitCodes.tryAgain,
      cause: error,
    });
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new GatewayError(`${url}: there is no such host. ${named}.`);
  if (untrusted.has(code)) {
    return new GatewayError(`${url} has a certificate this machine does not trust. Give its authority: --ca <file>.`);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new GatewayError(`${url} has a certificate for another name. Use a name it has in --url.`);
  }
  if (code === 'CERT_HAS_EXPIRED') return new GatewayError(`The certificate of ${url} has expired. Renew it.`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return new GatewayError(`${url} speaks no TLS. If it is a gateway without a certificate, use http://.`);
  }
  const { message: reason = String(error) } = error as Partial<Error>;
  const more = url.startsWith('http:') ? ' A gateway with a certificate needs https://.' : '';
  return new GatewayError(`The connection to ${url} broke off (${reason}).${more}`, {
    exitCode: exitCodes.tryAgain,
    cause: error,
  });
}

/** The code of the first cause that has one; several addresses of one name fail together as one error without its own. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, errors, cause } = error as {
    readonly code?: unknown;
    readonly errors?: unknown;
    readonly cause?: unknown;
  };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) ? codeOf(errors[0]) : codeOf(cause);
}
