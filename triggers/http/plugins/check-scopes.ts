import type { HttpApp } from '../http-app.ts';

/** Makes the start fail for a route that does not say who may use it. All below `publicPath` is open to everyone. */
export function checkScopes(app: HttpApp, publicPath: string): void {
  app.addHook('onRoute', (route) => {
    const { method, url, config } = route;
    if (url === publicPath || url.startsWith(`${publicPath}/`)) route.config = { ...config, scope: 'public' };
    else if (config?.scope === undefined) {
      throw new Error(`${String(method)} ${url} has no config.scope: name the scope its callers need, or 'public'.`);
    }
  });
}
