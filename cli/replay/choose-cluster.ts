import type { Client } from '@temporalio/client';
import { searchAttributes } from '../../domain/search-attributes.ts';
import { quoted, visibilityQuery } from '../../platform/temporal/runs/visibility-query.ts';
import { podLifecycleType } from '../../workflows/pod-lifecycle.messages.ts';

/** More are not named when it asks which one is meant. */
const namedClusters = 5;

/** The one cluster that has pod runs; undefined when there are none. Throws, naming them, when there are several. */
export async function chooseCluster(client: Client): Promise<string | undefined> {
  const found: string[] = [];
  while (found.length < namedClusters) {
    const next = await findOtherCluster(client, found);
    if (next === undefined) break;
    found.push(next);
  }
  if (found.length > 1) throw new Error(`There are runs of several clusters: give --cluster (${found.join(', ')}).`);
  return found[0];
}

async function findOtherCluster(client: Client, known: readonly string[]): Promise<string | undefined> {
  const { name } = searchAttributes.cluster;
  const others = [`${name} IS NOT NULL`, ...known.map((cluster) => `${name} != ${quoted(cluster)}`)].join(' AND ');
  const query = visibilityQuery({ type: podLifecycleType, query: others });
  for await (const { typedSearchAttributes } of client.workflow.list({ query, pageSize: 1 })) {
    const shown = typedSearchAttributes.getAll().find(({ key }) => key.name === name)?.value;
    return typeof shown === 'string' ? shown : undefined;
  }
  return undefined;
}
