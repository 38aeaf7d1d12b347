import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../../../../domain/search-attributes.ts';
import {
  SearchAttributeError,
  checkSearchAttributes,
  registerSearchAttributes,
} from '../../../../platform/temporal/search-attributes.ts';
import { captureLog } from '../../../helpers/log-capture.ts';
import { sharedEnvironment } from '../../../helpers/environment.ts';
import { createTestNamespace } from '../../../helpers/temporal-namespace.ts';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const keyword: number = 2;
const names = Object.values(searchAttributes).map(({ name }) => name);

describe('the search attributes of a namespace', () => {
  let connection: Connection;
  let namespace: string;
  const options = (of = namespace) => ({ connection, namespace: of, logger: captureLog().logger });

  const registerKeyword = (name: string) =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries([[name, keyword]]),
    });

  beforeAll(async () => {
    connection = await Connection.connect({ address: (await sharedEnvironment()).temporalAddress() });
  });
  beforeEach(async () => {
    namespace = await createTestNamespace(connection);
  }, 30_000);
  afterAll(async () => {
    await connection.close();
  });

  it('are refused when they are missing, with the command that registers exactly those', async () => {
    await registerKeyword('PodkeeperPod');
    const missing = names.filter((name) => name !== 'PodkeeperPod');
    const flags = missing.map((name) => `--name ${name} --type \\w+`).join(' ');
    const command = `temporal operator search-attribute create --namespace ${namespace} ${flags}$`;
    await expect(checkSearchAttributes(options())).rejects.toThrow(new RegExp(command));
  });

  it('are accepted once they were registered, which can be repeated', async () => {
    expect(await registerSearchAttributes(options())).toEqual(names);
    await checkSearchAttributes(options());
    expect(await registerSearchAttributes(options())).toEqual([]);
  });

  it('are refused when one has another type, by the check and by the registration', async () => {
    await registerKeyword('PodkeeperRestarts');
    for (const attempt of [checkSearchAttributes, registerSearchAttributes]) {
      await expect(attempt(options())).rejects.toThrow(SearchAttributeError);
      await expect(attempt(options())).rejects.toThrow(/PodkeeperRestarts \(must be Int\)/);
    }
  });

  it('of a namespace that does not exist are refused, with the command that creates it', async () => {
    const check = checkSearchAttributes(options('not-there'));
    await expect(check).rejects.toThrow(/temporal operator namespace create --namespace not-there/);
  });
});
