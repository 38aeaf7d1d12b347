import type { HttpApp } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { requestLimits } from './limits.ts';

/**
 * Reads JSON and nothing else: a browser can send text/plain to any server without asking it first. An empty body counts
 * as none, whatever type it claims (`curl -d ''`), and where a route takes no body none is read.
 */
export function addJsonBody(app: HttpApp): void {
  app.addHook('onRequest', (request, _reply, next) => {
    const { headers } = request.raw;
    const isEmpty = headers['content-length'] === '0' && headers['transfer-encoding'] === undefined;
    // These three are what fastify decides by whether there is a body to read.
    if (isEmpty || request.routeOptions.schema?.body === undefined) {
      for (const name of ['content-type', 'content-length', 'transfer-encoding']) Reflect.deleteProperty(headers, name);
    }
    next();
  });
  app.removeAllContentTypeParsers();
  // Refuses `__proto__` and `constructor.prototype`.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (text.trim() === '') done(null, undefined);
    else if (isDeeper(text, requestLimits.bodyDepth))
      done(fault(`is nested deeper than ${requestLimits.bodyDepth} levels`));
    else {
      void parse(request, text, (error, value) => {
        if (error === null) done(null, value);
        else done(fault(`is not valid JSON: ${error.message}`));
      });
    }
  });
}

function fault(message: string): Problem {
  return new Problem('invalid_request', { errors: [{ path: 'body', message }] });
}

/** Whether brackets outside of strings open more than `levels` times; looks at each character once. */
function isDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > levels) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
}
