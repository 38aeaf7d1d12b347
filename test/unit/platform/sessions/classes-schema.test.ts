import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { loadConfig } from '../../../../platform/config.ts';
import { classesJsonSchema } from '../../../../platform/sessions/classes/classes-schema.ts';
import { parseClasses, readClasses } from '../../../../platform/sessions/classes/read-classes.ts';

const schemaFile = 'docs/session-classes.schema.json';
const exampleFile = 'deploy/examples/session-classes.yaml';
const settings = loadConfig({ TEMPORAL_CONFIG_FILE: '/nonexistent' }).sessions;

interface ClassesFile {
  readonly classes: Readonly<Record<string, object>>;
}

describe('the JSON schema of session classes', () => {
  it(`is checked in as ${schemaFile} (write it with "npm run schemas")`, async () => {
    expect(JSON.parse(await readFile(schemaFile, 'utf8'))).toEqual(classesJsonSchema());
  });

  it('takes the example, and refuses what the reader refuses for its shape', async () => {
    const validate = new Ajv({ strict: false }).compile(classesJsonSchema());
    const example = parse(await readFile(exampleFile, 'utf8')) as ClassesFile;
    const withDefault = (changes: object) => ({
      ...example,
      classes: { default: { ...example.classes['default'], ...changes } },
    });
    expect(validate(example)).toBe(true);
    expect(validate({ ...example, version: 2 })).toBe(false);
    expect(validate(withDefault({ warmPool: {} }))).toBe(false);
    expect(validate(withDefault({ port: 0 }))).toBe(false);
    expect(validate(withDefault({ holdSeconds: 1.5 }))).toBe(false);
  });
});

describe('examples of session classes', () => {
  it(`in ${exampleFile} can be used`, async () => {
    const classes = await readClasses(exampleFile, settings);
    expect([...classes.keys()]).toEqual(['default', 'agent', 'notebook', 'gpu']);
  });

  it('in docs/sessions.md can be used', async () => {
    const blocks = (await readFile('docs/sessions.md', 'utf8')).matchAll(/^```yaml\n(.*?)^```$/gms);
    const files = [...blocks].map(([, text = '']) => text).filter((text) => text.includes('version: 1'));
    expect(files.length).toBeGreaterThan(0);
    for (const text of files) {
      expect(parseClasses(text, { source: 'docs/sessions.md', settings }).size).toBeGreaterThan(0);
    }
  });
});
