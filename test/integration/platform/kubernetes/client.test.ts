import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type KubernetesClient, createKubernetesClient } from '../../../../platform/kubernetes/client/client.ts';
import { type KubernetesConnection, createConnection } from '../../../../platform/kubernetes/connection/connection.ts';
import { KubernetesError } from '../../../../platform/kubernetes/kubernetes-error.ts';
import { type Metrics, createMetrics } from '../../../../platform/metrics.ts';
import { pod } from '../../../helpers/kubernetes/objects.ts';
import { answerJson, answerReset, answerStatus } from '../../../helpers/kubernetes/scripted-api-server.ts';
import { useScriptedServer } from '../../../helpers/kubernetes/use-scripted-server.ts';

describe('a short call', () => {
  const test = useScriptedServer();
  let connection: KubernetesConnection;
  let metrics: Metrics;
  let client: KubernetesClient;

  beforeEach(async () => {
    connection = await createConnection({ kubeconfigPath: test.server.kubeconfigPath });
    metrics = createMetrics();
    client = createKubernetesClient({ connection, metrics });
  });
  afterEach(() => connection.close());
  const getPod = (signal?: AbortSignal) =>
    client.getPod({ namespace: 'default', name: 'a', ...(signal === undefined ? {} : { signal }) });
  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => error as KubernetesError,
    );

  it('gets a pod as the server sent it, times as text', async () => {
    const sent = { ...pod({ name: 'a', version: 5 }), status: { startTime: '2026-01-01T00:00:00Z' } };
    test.server.script('other', answerJson(sent));
    const found = await getPod();
    expect(found).toEqual(sent);
    const startTime: string | undefined = found?.status?.startTime;
    expect(startTime).toBe('2026-01-01T00:00:00Z');
    expect(test.server.requests[0]).toMatchObject({ method: 'GET', path: '/api/v1/namespaces/default/pods/a' });
  });

  it('says null for a pod or a node that is not there', async () => {
    test.server.script('other', answerStatus(404, 'NotFound'), answerStatus(404, 'NotFound'));
    expect(await getPod()).toBeNull();
    expect(await client.getNode({ name: 'n1' })).toBeNull();
    expect(test.server.requests[1]?.path).toBe('/api/v1/nodes/n1');
  });

  it('asks whether something is allowed, and takes a missing answer for a no', async () => {
    const attributes = { verb: 'watch', resource: 'pods', namespace: 'default' };
    test.server.script(
      'other',
      answerJson({ status: { allowed: true } }, 201),
      answerJson({ status: { allowed: false, reason: 'because' } }, 201),
      answerJson({}, 201),
    );
    expect(await client.canI({ attributes })).toEqual({ allowed: true, reason: '' });
    expect(await client.canI({ attributes })).toEqual({ allowed: false, reason: 'because' });
    expect(await client.canI({ attributes })).toEqual({ allowed: false, reason: '' });
    expect(test.server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    });
    expect(JSON.parse(test.server.requests[0]?.body ?? '')).toMatchObject({
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: attributes },
    });
  });

  it.each([429, 503])('is sent again after a %i, when Retry-After has passed', async (status) => {
    test.server.script('other', answerStatus(status, 'Busy', { 'retry-after': '1' }), answerJson({ kind: 'Pod' }));
    const startedAtMs = Date.now();
    expect(await getPod()).toEqual({ kind: 'Pod' });
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(990);
  });

  it('is given up when the server asks for more patience than a caller has', async () => {
    test.server.script('other', answerStatus(429, 'Busy', { 'retry-after': '60' }));
    const failure = await failureOf(getPod());
    expect(failure).toMatchObject({
      status: 429,
      reason: 'Busy',
      retryAfterSeconds: 60,
      verb: 'get',
      resource: 'pods',
    });
  });

  it('reads the credentials again after a 401, once', async () => {
    test.server.always.other = answerStatus(401, 'Unauthorized');
    expect(await failureOf(getPod())).toMatchObject({ status: 401 });
    expect(test.server.requests).toHaveLength(2);
  });

  it.each([400, 403, 409, 410, 422, 500, 504])('throws for a %i at once, with its reason', async (status) => {
    test.server.script('other', answerStatus(status, 'SomeReason'));
    const failure = await failureOf(getPod());
    expect(failure).toBeInstanceOf(KubernetesError);
    expect(failure).toMatchObject({ status, reason: 'SomeReason', retryAfterSeconds: null });
    expect(failure?.message).toBe(`get pods: ${status} SomeReason: a test's SomeReason`);
    expect(test.server.requests).toHaveLength(1);
  });

  it.each([
    ['a reset', answerReset, /^(ECONNRESET|UND_ERR_SOCKET)$/],
    ['an answer that is no JSON', answerJson('{'), /^MalformedAnswer$/],
  ])('throws for %s, without a status', async (_, answer, reason) => {
    test.server.script('other', answer);
    const failure = await failureOf(getPod());
    expect(failure).toMatchObject({ status: null });
    expect(failure?.reason).toMatch(reason);
  });

  it('ends with the reason of its signal', async () => {
    test.server.always.other = () => undefined;
    await expect(getPod(AbortSignal.timeout(50))).rejects.toThrow('timeout');
    test.server.always.other = answerStatus(429, 'Busy', { 'retry-after': '10' });
    await expect(getPod(AbortSignal.timeout(50))).rejects.toThrow('timeout');
  });

  it('counts requests, their time and their failures', async () => {
    test.server.script('other', answerJson({}), answerStatus(403), answerReset);
    await getPod();
    await failureOf(getPod());
    await failureOf(getPod());
    const text = await metrics.registry.metrics();
    expect(text).toContain('k8s_api_requests_total{verb="get",resource="pods"} 3');
    expect(text).toContain('k8s_api_request_duration_seconds_count 2');
    expect(text).toContain('k8s_api_errors_total{code="403"} 1');
    expect(text).toMatch(/k8s_api_errors_total\{code="(ECONNRESET|UND_ERR_SOCKET)"\} 1/);
  });

  it('uses a kept connection again', async () => {
    test.server.always.other = answerJson({});
    for (let call = 0; call < 20; call++) await getPod();
    expect(test.server.connectionCount).toBeLessThanOrEqual(3);
  });
});
