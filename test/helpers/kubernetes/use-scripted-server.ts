import { afterEach, beforeEach, jest } from '@jest/globals';
import { type FollowOptions, type Following, follow } from './follow.ts';
import { type ScriptedApiServer, startScriptedApiServer } from './scripted-api-server.ts';

/** A scripted API server for each test of a describe block, and reflectors that are stopped after it. */
export function useScriptedServer() {
  // The first test of a file loads client-node, which takes seconds on a busy machine.
  jest.setTimeout(30_000);
  let server: ScriptedApiServer | undefined;
  let followers: Following[] = [];
  beforeEach(async () => {
    server = await startScriptedApiServer();
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    followers = [];
    await server?.close();
  });
  return {
    get server(): ScriptedApiServer {
      if (server === undefined) throw new Error('Only within a test');
      return server;
    },
    async start(options: FollowOptions = {}): Promise<Following> {
      const following = await follow(this.server.kubeconfigPath, options);
      followers.push(following);
      return following;
    },
  };
}
