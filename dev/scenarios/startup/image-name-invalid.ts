import { some, waitsFor } from '../conditions.ts';
import { pod } from '../manifests/pod.ts';
import type { Scenario } from '../scenario.ts';

export const imageNameInvalid: Scenario = {
  name: 'image-name-invalid',
  description: 'The image name has upper-case letters in its path, which no registry can have.',
  objects: [pod({ name: 'image-name-invalid', app: { image: 'local.test/Shop:1', imagePullPolicy: 'IfNotPresent' } })],
  until: some('image-name-invalid', waitsFor('InvalidImageName')),
  incidents: { 'image-name-invalid': ['ImagePullFailed'] },
};
