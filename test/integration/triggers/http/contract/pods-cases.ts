import type { ContractCase } from '../../../../helpers/http/contract-case.ts';
import { seedPod, untilListed } from '../../../../helpers/http/seed-runs.ts';
import { withPodWorker } from '../../../../helpers/http/with-pod-worker.ts';
import { crashingLife } from '../../../../helpers/pod-changes.ts';
import { freshPod } from '../../../../helpers/workflows/pod-runs.ts';

const operationId = 'getPod';
const path = '/api/v1/pods';

export const cases: readonly ContractCase[] = [
  {
    operationId,
    status: 200,
    run: async (rig) => {
      const pod = freshPod();
      await seedPod(rig, { pod, changes: crashingLife(pod) });
      await untilListed(rig, { pod: pod.name }, 1);
      return withPodWorker(rig, () => rig.call({ path: `${path}/${pod.namespace}/${pod.name}` }));
    },
  },
  { operationId, status: 400, run: (rig) => rig.call({ path: `${path}/shop/Not_a_name` }) },
  { operationId, status: 404, run: (rig) => rig.call({ path: `${path}/shop/nobody` }) },
  {
    operationId,
    status: 503,
    run: async (rig) => (await rig.withoutTemporal()).call({ path: `${path}/shop/nobody` }),
  },
];
