import type { OpenAPIV3_1 } from 'openapi-types';

/** What stands at the top of the document. */
export const documentInfo: Pick<OpenAPIV3_1.Document, 'openapi' | 'info' | 'tags' | 'components'> = {
  openapi: '3.1.0',
  info: {
    title: 'Podkeeper',
    version: '1',
    description: [
      'Durable automation for Kubernetes pods on Temporal.',
      '',
      'Every answer of 400 and above is a problem document (RFC 9457) with a `code`; docs/api.md lists them all. For local',
      'use, `podkeeper token --all` prints a token.',
      '',
      'Beside what it lists, any operation may answer 408 when a request does not arrive whole in time, 431 when its address',
      'and headers are too big, and 500 for a bug.',
    ].join('\n'),
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  tags: [
    { name: 'Pod events', description: 'Pod changes sent by others than the watch.' },
    { name: 'Workflows', description: 'Start a run.' },
    { name: 'Runs', description: 'Look at runs.' },
    { name: 'Pods', description: 'Look at pods by name.' },
    { name: 'Watches', description: 'Look at watches, pause, stop and reconfigure them.' },
    { name: 'Replays', description: 'Try failed classifications again.' },
    { name: 'Service', description: 'The process itself.' },
  ],
  components: {
    headers: {
      'X-Request-Id': {
        description: "The request's own X-Request-Id, or one made for it; the log has it.",
        schema: { type: 'string' },
      },
      'Retry-After': { description: 'Seconds to wait before the next try.', schema: { type: 'integer' } },
      'WWW-Authenticate': { description: 'What the token lacks (RFC 6750).', schema: { type: 'string' } },
    },
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A JSON Web Token with the scopes in its `scope` claim.',
      },
    },
  },
};
