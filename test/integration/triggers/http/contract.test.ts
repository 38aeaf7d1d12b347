import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ContractCase } from '../../../helpers/http/contract-case.ts';
import { type HttpRig, startHttpRig } from '../../../helpers/http/http-rig.ts';
import { commonCases } from '../../../helpers/http/common-cases.ts';

const folder = new URL('contract/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('-cases.ts'));
const modules = await Promise.all(files.map((name) => import(new URL(name, folder).href) as Promise<CaseFile>));
const cases = modules.flatMap((file) => file.cases);

interface CaseFile {
  readonly cases: readonly ContractCase[];
}

let rig: HttpRig;

beforeAll(async () => {
  rig = await startHttpRig();
}, 60_000);

afterAll(async () => {
  await rig.close();
}, 60_000);

const title = ({ operationId, status, name }: ContractCase) =>
  `${operationId} ${status}${name === undefined ? '' : ` ${name}`}`;

async function runCase(one: ContractCase): Promise<void> {
  const before = rig.produced.length;
  await one.run(rig);
  const seen = rig.produced.slice(before).map(({ operationId, status }) => `${operationId} ${status}`);
  expect(seen).toContain(`${one.operationId} ${one.status}`);
}

describe('every documented answer comes, and is as documented', () => {
  test.each(cases.map((one) => [title(one), one] as const))('%s', (_title, one) => runCase(one), 60_000);

  test('what is the same for all: no token, no scope, too often, a body that is too big or no JSON', async () => {
    for (const one of commonCases(rig.document)) await runCase(one);
  }, 120_000);

  test('no documented answer is left out', () => {
    const documented = Object.values(rig.document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ operationId, responses }) =>
        Object.keys(responses).map((status) => `${operationId} ${status}`),
      ),
    );
    const seen = new Set(rig.produced.map(({ operationId, status }) => `${operationId} ${status}`));
    expect(documented.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});
