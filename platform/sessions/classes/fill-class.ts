import { parseQuantity } from '../../../domain/pods/verdict/values/quantity.ts';
import type { SessionClass } from '../../../domain/sessions/session-class.ts';
import type { Config } from '../../config.ts';
import type { WrittenClass } from './classes-schema.ts';

export const defaultClassName = 'default';

type SessionSettings = Config['sessions'];

/** The class `default` as the environment says it; its image may be empty. */
export function defaultClass(settings: SessionSettings): SessionClass {
  const { port, identity, image } = settings;
  return { ...filled(settings), name: defaultClassName, port, identity, image };
}

/** A class of the file with every value filled in: `default` from the environment, others from what holds for all. */
export function fillClass(name: string, written: WrittenClass, settings: SessionSettings): SessionClass {
  const { resources, ...given } = written;
  const base = name === defaultClassName ? defaultClass(settings) : { ...filled(settings), name };
  return {
    ...base,
    ...given,
    resources: {
      requests: { ...base.resources.requests, ...texts(resources?.requests) },
      limits: { ...base.resources.limits, ...texts(resources?.limits) },
    },
  };
}

/** What each class has that does not say otherwise. */
function filled(settings: SessionSettings): SessionClass {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit, idleTimeoutSeconds } = settings;
  return {
    name: '',
    image: '',
    port: 8080,
    resources: {
      requests: { cpu: cpuRequest, memory: memoryRequest },
      limits: { cpu: cpuLimit, memory: memoryLimit },
    },
    env: {},
    probePath: '/healthz',
    idleTimeoutSeconds,
    maxLifetimeSeconds: 28_800,
    holdSeconds: 30,
    drainSeconds: 30,
    bodyLimitBytes: 10 * 1024 ** 2,
    identity: 'native',
    openSocketIsActive: true,
    busyPath: null,
    nodeSelector: {},
    tolerations: [],
  };
}

function texts(quantities: Readonly<Record<string, string | number>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, String(value)]));
}

/** What is wrong with the resources of a filled class: Kubernetes refuses a pod that asks for more than it may use. */
export function resourceFaults({ resources: { requests, limits } }: SessionClass): readonly string[] {
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    const [asked, allowed] = [parseQuantity(request), parseQuantity(limit)];
    if (limit === undefined || asked === undefined || allowed === undefined || asked <= allowed) return [];
    return [
      `ask for more ${name} (${request}) than they allow (${limit}); give limits.${name} or a lower requests.${name}`,
    ];
  });
}
