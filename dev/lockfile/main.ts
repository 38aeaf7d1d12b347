import { readFile, writeFile } from 'node:fs/promises';
import { type Lockfile, missingPlatforms } from './complete.ts';

// `npm run lockfile`: after every `npm install`, makes package-lock.json one that `npm ci` accepts everywhere.
const lockfile = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lockfile;
const missing = missingPlatforms(lockfile);
const packages = Object.entries({ ...lockfile.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
await writeFile(
  'package-lock.json',
  `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(packages) }, null, 2)}\n`,
);
console.log(`package-lock.json: ${Object.keys(missing).length} entries of other platforms added`);
