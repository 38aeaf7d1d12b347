import { mkdir } from 'node:fs/promises';
import type { Report } from '../../shared/report.ts';
import { requireTool } from '../../tools/tool.ts';
import type { ControlPlane } from './control-plane.ts';
import { startControlPlane } from './control-plane.ts';
import { environmentPaths } from '../folders.ts';
import { imageCacheFolder } from '../node/image/session-image.ts';
import { startRealNode, startNodeNetwork } from '../node/real-node.ts';
import type { NodeRequirements } from '../node/requirements.ts';
import { checkNodeRequirements } from '../node/requirements.ts';
import type { NodeSubnets } from '../node/subnets.ts';
import type { EnvironmentPlan, PortName } from '../plan.ts';
import type { ServerGroup } from '../processes/server-group.ts';
import { redisServer } from '../servers/redis.ts';
import { temporalDynamicConfig, temporalNamespace, temporalServer } from '../servers/temporal.ts';
import { standInOf } from '../simulated/stand-in-server.ts';
import { startSimulatedNodes } from '../simulated/simulated-nodes.ts';
import type { EnvironmentState } from '../state.ts';

/** What starting needs beside the plan. */
export interface StartContext {
  readonly plan: EnvironmentPlan;
  readonly servers: ServerGroup;
  readonly report: Report;
  /** Gives reserved ports free, just before their server takes them. */
  readonly releasePorts: (names: readonly PortName[]) => Promise<void>;
}

/** Starts all servers of the plan and returns their coordinates. Throws with the end of a server's log if one fails. */
export async function startEnvironment(context: StartContext): Promise<Omit<EnvironmentState, 'version' | 'pids'>> {
  const [temporal, redisUrl, kubernetes] = await Promise.all([
    startTemporal(context),
    startRedis(context),
    startKubernetes(context),
  ]);
  return { temporal, redisUrl, ...kubernetes };
}

async function startTemporal({ plan, servers, report, releasePorts }: StartContext) {
  if (!plan.options.temporal) return null;
  const { ports } = plan;
  await releasePorts(['temporal', 'temporalUi', 'temporalHttp', 'temporalMetrics']);
  report(`temporal runs with ${temporalDynamicConfig}`);
  await servers.start(
    temporalServer({
      command: requireTool(plan.tools, 'temporal'),
      ports: {
        frontend: ports.temporal,
        ui: ports.temporalUi,
        http: ports.temporalHttp,
        metrics: ports.temporalMetrics,
      },
      databaseFile: plan.options.temporalDatabase,
    }),
  );
  return {
    address: `127.0.0.1:${ports.temporal}`,
    uiUrl: `http://127.0.0.1:${ports.temporalUi}`,
    namespace: temporalNamespace,
  };
}

async function startRedis({ plan, servers, releasePorts }: StartContext): Promise<string | null> {
  if (!plan.options.redis) return null;
  await releasePorts(['redis']);
  const command = requireTool(plan.tools, 'redis-server');
  await servers.start(await redisServer({ command, folder: plan.folder, port: plan.ports.redis }));
  return `redis://127.0.0.1:${plan.ports.redis}`;
}

async function startKubernetes(
  context: StartContext,
): Promise<Pick<EnvironmentState, 'kubeconfig' | 'node' | 'reason' | 'standIn'>> {
  const { plan, servers, releasePorts } = context;
  const standIn = null;
  if (plan.options.kubernetes === 'none') return { kubeconfig: null, node: 'none', reason: null, standIn };
  const { kubeconfig, pki } = environmentPaths(plan.folder);
  await mkdir(pki, { recursive: true });
  const network = await prepareNode(context);
  const controlPlane = await startControlPlane({
    plan,
    servers,
    subnets: network.subnets,
    release: () =>
      releasePorts(['etcdClient', 'etcdPeer', 'apiServer', 'controllerManager', 'scheduler', 'kwok', 'standIn']),
  });
  if (plan.options.kubernetes === 'control-plane') return { kubeconfig, node: 'none', reason: null, standIn };
  const reason = await startNode({ context, controlPlane, network });
  const isReal = plan.options.kubernetes === 'real' && reason === null;
  const node = isReal ? 'real' : 'simulated';
  if (isReal && plan.options.simulatedNodes === 0) return { kubeconfig, node, reason, standIn };
  await startSimulatedNodes({ plan, servers, access: controlPlane.access, besideRealNode: isReal });
  return { kubeconfig, node, reason, standIn: standInOf(plan) };
}

interface PreparedNode {
  readonly requirements: NodeRequirements | null;
  readonly subnets: NodeSubnets | null;
}

/** The node's network comes first, since the API server listens on its host's end. */
async function prepareNode({ plan, servers, report }: StartContext): Promise<PreparedNode> {
  if (plan.options.kubernetes !== 'real') return { requirements: null, subnets: null };
  const requirements = await checkNodeRequirements(process.env);
  if (!requirements.possible) {
    if (plan.options.realNodeRequired) throw new Error(`No real node: ${requirements.reason}.`);
    return { requirements, subnets: null };
  }
  try {
    return { requirements, subnets: await startNodeNetwork(plan, servers) };
  } catch (error) {
    if (plan.options.realNodeRequired) throw error;
    report(`no network for a real node: ${(error as Error).message}`);
    return { requirements: { possible: false, reason: (error as Error).message }, subnets: null };
  }
}

/** Starts the real node; returns null when it is Ready, else why nodes have to be simulated. */
async function startNode(input: {
  readonly context: StartContext;
  readonly controlPlane: ControlPlane;
  readonly network: PreparedNode;
}): Promise<string | null> {
  const { plan, servers, report } = input.context;
  const { requirements, subnets } = input.network;
  if (requirements === null) return null;
  if (!requirements.possible || subnets === null) {
    return requirements.possible ? 'the network of the real node could not be made' : requirements.reason;
  }
  const { access, nodeKubeconfig } = input.controlPlane;
  try {
    const imageCache = imageCacheFolder(process.env);
    await startRealNode({
      plan,
      servers,
      access,
      subnets,
      report,
      kubeconfig: nodeKubeconfig,
      imageCache,
      ...requirements,
    });
    return null;
  } catch (error) {
    if (plan.options.realNodeRequired) throw error;
    for (const name of ['kubelet', 'containerd']) {
      if (servers.isRunning(name)) await servers.kill(name, 'SIGKILL');
    }
    return (error as Error).message;
  }
}
