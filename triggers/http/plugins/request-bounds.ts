import type { HttpApp } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { requestLimits } from './limits.ts';

/** Refuses what node lets through: no host, too many headers, a long address, a compressed body. */
export function addRequestBounds(app: HttpApp): void {
  app.addHook('onRequest', (request, _reply, next) => {
    const { rawHeaders, url = '', httpVersion } = request.raw;
    if (request.headers.host === undefined && httpVersion !== '1.0') {
      next(new Problem('invalid_request', { errors: [{ path: 'headers.host', message: 'is missing' }] }));
    } else if (rawHeaders.length / 2 > requestLimits.headerCount) {
      next(new Problem('headers_too_large', { detail: `Send at most ${requestLimits.headerCount} headers.` }));
    } else if (url.length > requestLimits.urlLength) {
      const detail = `The path and the query string may have ${requestLimits.urlLength} characters at most.`;
      next(new Problem('headers_too_large', { detail }));
    } else if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
      next(new Problem('unsupported_media_type', { detail: 'Send the body as it is, without Content-Encoding.' }));
    } else next();
  });
}
