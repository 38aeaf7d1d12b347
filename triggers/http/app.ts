import swagger from '@fastify/swagger';
import fastify from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { AddRoutes, HttpApp, HttpDependencies } from './http-app.ts';

/** Every route file of the API. */
const routes: readonly AddRoutes[] = [];

/** Builds the API without listening. `routes` is for tests of the parts around them. */
export async function createHttpApp(
  dependencies: HttpDependencies,
  added: readonly AddRoutes[] = routes,
): Promise<HttpApp> {
  const app: HttpApp = fastify({ loggerInstance: dependencies.logger }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: { info: { title: 'Podkeeper', version: '1' } },
    transform: jsonSchemaTransform,
  });
  for (const add of added) add(app, dependencies);
  return app;
}
