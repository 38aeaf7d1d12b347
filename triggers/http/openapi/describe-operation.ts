import type { SwaggerTransform } from '@fastify/swagger';
import type { Scope } from '../../../domain/scopes.ts';

type Route = Parameters<SwaggerTransform>[0];
type Transformed = ReturnType<SwaggerTransform>;

/** Adds to an operation what its route's configuration says: the scope its caller needs. */
export function describeOperation({ route }: Route, transformed: Transformed): Transformed {
  const { schema, url } = transformed;
  const scope: Scope | 'public' | undefined = route.config?.scope;
  if (scope === undefined || scope === 'public') return { schema: { ...schema, security: [] }, url };
  const description = [schema.description, `Needs the scope \`${scope}\`.`].filter(Boolean).join('\n\n');
  return { schema: { ...schema, description, security: [{ bearer: [scope] }] }, url };
}
