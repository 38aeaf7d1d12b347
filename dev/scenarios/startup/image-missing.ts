import { some, waitsFor } from '../conditions.ts';
import { pod } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const imageMissing: Scenario = {
  name: 'image-missing',
  description: "The image is in a registry that does not answer (the node's own loopback, where nothing listens).",
  objects: [
    pod({ name: 'image-missing', app: { image: 'localhost:5000/shop:no-such-tag', imagePullPolicy: 'IfNotPresent' } }),
  ],
  until: some('image-missing', waitsFor('ImagePullBackOff')),
  settleSeconds: 15,
  incidents: { 'image-missing': ['ImagePullFailed'] },
};
