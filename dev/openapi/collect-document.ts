import { createHttpApp } from '../../triggers/http/app.ts';
import { offlineDependencies } from './offline-dependencies.ts';

/** The OpenAPI document of all routes as text, the same each time. Asks no server and listens nowhere. */
export async function collectDocument(): Promise<string> {
  const app = await createHttpApp(offlineDependencies());
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
