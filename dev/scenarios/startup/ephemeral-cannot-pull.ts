import { all, isReady, some, waitsFor } from '../conditions.ts';
import { pod, stays } from '../manifests/pod.ts';
import { podNamed } from '../manifests/references.ts';
import type { Scenario } from '../scenario.ts';

export const ephemeralCannotPull: Scenario = {
  name: 'ephemeral-cannot-pull',
  description: 'A running pod gets a debug container whose image is not on the node and may not be pulled.',
  objects: [pod({ name: 'ephemeral-cannot-pull', app: { command: stays } })],
  steps: [
    {
      description: 'add the debug container',
      when: some('ephemeral-cannot-pull', isReady),
      action: {
        type: 'patch',
        target: podNamed('ephemeral-cannot-pull'),
        subresource: 'ephemeralcontainers',
        patch: {
          spec: {
            ephemeralContainers: [{ name: 'debug', image: 'local.test/debugger:1', imagePullPolicy: 'Never' }],
          },
        },
      },
    },
  ],
  until: all(some('ephemeral-cannot-pull', waitsFor('ErrImageNeverPull'))),
  incidents: { 'ephemeral-cannot-pull': [] },
};
