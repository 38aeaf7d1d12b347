import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { HttpApp } from '../http-app.ts';
import { describeOperation } from './describe-operation.ts';
import { finishDocument } from './finish-document.ts';
import { documentInfo } from './document-info.ts';

/** Where the page to try the API is. */
export const docsPath = '/docs';
export const documentPath = '/api/v1/openapi.json';

/** Collects the document from the routes that are added after it, and serves the page to try them. */
export async function addOpenapi(app: HttpApp): Promise<void> {
  await app.register(swagger, {
    openapi: documentInfo,
    transform: (route) => describeOperation(route, jsonSchemaTransform(route)),
    transformObject: (parts) => finishDocument(jsonSchemaTransformObject(parts) as OpenAPIV3_1.Document),
  });
  await app.register(swaggerUi, { routePrefix: docsPath });
}
