import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { rulesJsonSchema } from '../../platform/rules/rules-schema.ts';

// Writes docs/classification-rules.schema.json from the schema that rules files are checked by: `npm run schemas`.
const file = new URL('../../docs/classification-rules.schema.json', import.meta.url);
writeFileSync(file, await format(JSON.stringify(rulesJsonSchema()), { parser: 'json', printWidth: 120 }));
console.log('docs/classification-rules.schema.json is written.');
