import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import type { HttpApp } from '../http-app.ts';
import { publicProblemResponses } from '../problems/responses.ts';
import { describeOperation } from './describe-operation.ts';
import { docsPolicy } from './docs-policy.ts';
import { documentInfo } from './document-info.ts';
import { finishDocument } from './finish-document.ts';

/** Where the page to try the API is. It needs nothing from elsewhere. */
export const docsPath = '/docs';

/** Collects the document from the routes that are added after it, serves it and the page to try them. */
export async function addOpenapi(app: HttpApp): Promise<void> {
  await app.register(swagger, {
    openapi: documentInfo,
    transform: (route) => describeOperation(route, jsonSchemaTransform(route)),
    transformObject: (parts) => finishDocument(jsonSchemaTransformObject(parts) as OpenAPIV3_1.Document),
  });
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    staticCSP: docsPolicy,
    theme: { title: 'Podkeeper API' },
    uiConfig: { displayRequestDuration: true, tryItOutEnabled: true },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/openapi.json',
    config: { scope: 'public' },
    schema: {
      operationId: 'openapi',
      summary: 'This document',
      description: 'OpenAPI 3.1. The same is in the repository as docs/openapi.json; /docs shows it as a page.',
      tags: ['Service'],
      response: {
        200: z.looseObject({ openapi: z.string() }).meta({ description: 'The document.' }),
        ...publicProblemResponses('rate_limited'),
      },
    },
    handler: () => ({ ...app.swagger(), openapi: documentInfo.openapi }),
  });
}
