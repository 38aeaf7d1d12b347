import { writeFileSync } from 'node:fs';
import { collectDocument } from './collect-document.ts';

// Writes docs/openapi.json from the routes of the HTTP API: `npm run openapi`.
const file = new URL('../../docs/openapi.json', import.meta.url);
writeFileSync(file, await collectDocument());
console.log('docs/openapi.json is written.');
