// Owns a small environment until it is killed: `node environment-owner-child.ts <name>`. Says "up <state path>" when it runs.
import { up } from '../../dev/environment/up.ts';

const [name = ''] = process.argv.slice(2);
const { statePath } = await up({
  name,
  options: { temporal: false, kubernetes: 'none' },
  lifetime: 'owned',
  report: () => undefined,
  env: process.env,
});
console.log(`up ${statePath}`);
setInterval(() => undefined, 1000);
