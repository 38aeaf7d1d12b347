import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { parseRules, readRules } from '../../../../platform/rules/read-rules.ts';
import { rulesJsonSchema } from '../../../../platform/rules/rules-schema.ts';

const schemaFile = 'docs/classification-rules.schema.json';
const exampleFile = 'deploy/examples/classification-rules.yaml';

/** The YAML blocks of docs/rules.md that are whole files. */
async function documentedFiles(): Promise<string[]> {
  const blocks = (await readFile('docs/rules.md', 'utf8')).matchAll(/^```yaml\n(.*?)^```$/gms);
  return [...blocks].map(([, text = '']) => text).filter((text) => text.includes('version: 1'));
}

describe('the JSON schema of rules files', () => {
  it(`is checked in as ${schemaFile} (write it with "npm run schemas")`, async () => {
    expect(JSON.parse(await readFile(schemaFile, 'utf8'))).toEqual(rulesJsonSchema());
  });

  it('says what each key is for', () => {
    const undescribed: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const { properties = {}, items } = value as { properties?: Record<string, object>; items?: unknown };
      for (const [key, property] of Object.entries(properties)) {
        if (!('description' in property)) undescribed.push(`${path}.${key}`);
        look(property, `${path}.${key}`);
      }
      look(items, `${path}[]`);
    };
    look(rulesJsonSchema(), '');
    expect(undescribed).toEqual([]);
  });

  it('takes the example, and refuses what the reader refuses for its shape', async () => {
    const validate = new Ajv({ strict: false }).compile(rulesJsonSchema());
    const example = parse(await readFile(exampleFile, 'utf8')) as { rules: object[] };
    expect(validate(example)).toBe(true);
    expect(validate({ ...example, version: 2 })).toBe(false);
    expect(validate({ ...example, extra: 1 })).toBe(false);
    expect(validate({ version: 1, rules: [{ ...example.rules[0], match: { causes: ['OOMKill'] } }] })).toBe(false);
  });
});

describe('examples', () => {
  it(`${exampleFile} can be used`, async () => {
    expect((await readRules(exampleFile)).count).toBeGreaterThan(3);
  });

  it('in docs/rules.md can be used', async () => {
    const files = await documentedFiles();
    expect(files.length).toBeGreaterThan(0);
    for (const text of files) expect(parseRules(text, 'docs/rules.md').count).toBeGreaterThan(0);
  });
});
