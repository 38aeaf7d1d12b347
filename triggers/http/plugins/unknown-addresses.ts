import type { HttpApp } from '../http-app.ts';
import { Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';

interface Pattern {
  readonly expression: RegExp;
  readonly methods: Set<string>;
}

/** 404 for an address nothing is at, 405 with Allow for a method an address does not take. Add it before the routes. */
export function addUnknownAddresses(app: HttpApp): void {
  const patterns = new Map<string, Pattern>();
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = patterns.get(url) ?? { expression: patternExpression(url), methods: new Set() };
    for (const name of [method].flat()) pattern.methods.add(name);
    patterns.set(url, pattern);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const known = [...patterns.values()].filter(({ expression }) => expression.test(path));
    const allowed = [...new Set(known.flatMap(({ methods }) => [...methods]))].sort().join(', ');
    const problem =
      allowed === ''
        ? new Problem('not_found')
        : new Problem('method_not_allowed', {
            detail: `This address takes ${allowed}, not ${request.method}.`,
            headers: { allow: allowed },
          });
    return sendProblem(problem, request, reply);
  });
}

/** `/runs/:id/*` as an expression over raw paths. */
function patternExpression(url: string): RegExp {
  const source = url
    .split('/')
    .map((step) => (step.startsWith(':') ? '[^/]+' : step === '*' ? '.*' : step.replaceAll(/[^\w-]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
