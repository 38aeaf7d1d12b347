import { some, waitsFor } from '../conditions.ts';
import { pod } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const imageNeverPulled: Scenario = {
  name: 'image-never-pulled',
  description: 'The image is not on the node and imagePullPolicy is Never.',
  objects: [pod({ name: 'image-never-pulled', app: { image: 'local.test/absent:1' } })],
  until: some('image-never-pulled', waitsFor('ErrImageNeverPull')),
  incidents: { 'image-never-pulled': ['ImagePullFailed'] },
};
