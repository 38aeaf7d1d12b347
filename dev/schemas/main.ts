import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { rulesJsonSchema } from '../../platform/rules/rules-schema.ts';
import { classesJsonSchema } from '../../platform/sessions/classes/classes-schema.ts';

// Writes the JSON schemas in docs/ from the schemas that the files people write are checked by: `npm run schemas`.
const schemas = {
  'docs/classification-rules.schema.json': rulesJsonSchema(),
  'docs/session-classes.schema.json': classesJsonSchema(),
};
for (const [file, schema] of Object.entries(schemas)) {
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
  writeFileSync(new URL(`../../${file}`, import.meta.url), text);
  console.log(`${file} is written.`);
}
