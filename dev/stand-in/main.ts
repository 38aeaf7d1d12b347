// Entry file of the stand-in: one process that answers for every session pod on simulated nodes. Which pod it is follows from the
// address a connection was made to and from its own watch of the API server, never from what a request says.
// node dev/stand-in/main.ts --kubeconfig <path> --port <port>; one JSON line a request on stdout.
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { createKubernetesApi } from '../kubernetes/api.ts';
import { failPod } from './fail-pod.ts';
import { followPods } from './follow-pods.ts';
import { createPodsByAddress } from './pods-by-address.ts';

const { values } = parseArgs({ options: { kubeconfig: { type: 'string' }, port: { type: 'string' } } });
const api = await createKubernetesApi(values.kubeconfig ?? '');
const stopping = new AbortController();

const report = (error: Error) =>
  process.stderr.write(`${JSON.stringify({ event: 'error', message: error.message })}\n`);
const pods = createPodsByAddress((pod, code) => void failPod(api, pod, code).catch(report));
const server = createServer((socket) => {
  // Connections are cut when their pod goes; the other side may do so first.
  socket.on('error', () => socket.destroy());
  pods.take(socket);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit());

await followPods({
  api,
  pods,
  signal: stopping.signal,
  onError: report,
  // Not before: an address without its pod would be refused.
  onListed: () => {
    if (!server.listening) server.listen({ host: '0.0.0.0', port: Number(values.port), backlog: 4096 });
  },
});
