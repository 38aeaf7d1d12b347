import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { runRow } from '../../../../../platform/temporal/runs/run-row.ts';
import { visibilityQuery } from '../../../../../platform/temporal/runs/visibility-query.ts';
import { readHeartbeat } from '../../../../../platform/temporal/runs/read-heartbeat.ts';
import { searchAttributePairs, type SearchAttributeValues } from '../../../../../domain/search-attributes.ts';

const info = (values: SearchAttributeValues, closeTime?: Date) =>
  ({
    workflowId: 'pod/test/shop/web-1/uid-1',
    runId: 'run-1',
    type: 'podLifecycle',
    status: { name: 'RUNNING', code: 1 },
    startTime: new Date('2026-03-01T12:00:00Z'),
    closeTime,
    typedSearchAttributes: new TypedSearchAttributes(searchAttributePairs(values)),
  }) as unknown as WorkflowExecutionInfo;

describe('a row of runs', () => {
  it('tells what the run shows', () => {
    const values = { state: 'Degraded', cause: 'OOMKilled', severity: 'high', restarts: 3, tags: ['pod', 'update'] };
    expect(runRow(info(values, new Date('2026-03-01T13:00:00Z')), 'http://ui/run')).toEqual({
      workflowId: 'pod/test/shop/web-1/uid-1',
      runId: 'run-1',
      type: 'podLifecycle',
      status: 'RUNNING',
      startedAt: '2026-03-01T12:00:00.000Z',
      closedAt: '2026-03-01T13:00:00.000Z',
      ...values,
      url: 'http://ui/run',
    });
  });

  it('has null, in JSON too, for what the run does not show', () => {
    expect(runRow(info({}), undefined)).toMatchObject({
      closedAt: null,
      state: null,
      cause: null,
      severity: null,
      restarts: null,
      tags: [],
      url: null,
    });
  });
});

describe('a visibility query', () => {
  it('joins what it is narrowed by', () => {
    expect(visibilityQuery({})).toBe('');
    expect(
      visibilityQuery({
        type: 'podLifecycle',
        namespace: 'shop',
        tag: 'delete',
        status: 'RUNNING',
        query: 'a = 1 OR b = 2',
      }),
    ).toBe(
      "WorkflowType = 'podLifecycle' AND PodkeeperNamespace = 'shop' AND PodkeeperTags = 'delete'" +
        " AND ExecutionStatus = 'Running' AND (a = 1 OR b = 2)",
    );
  });

  it('escapes quotes and backslashes, so that no value ends its text', () => {
    expect(visibilityQuery({ pod: "a' OR 'b' = 'b", node: '\\' })).toBe(
      "PodkeeperPod = 'a\\' OR \\'b\\' = \\'b' AND PodkeeperNode = '\\\\'",
    );
  });

  it('bounds the start time: from is in, to is out, both as UTC', () => {
    expect(visibilityQuery({ from: '2026-03-01T12:00:00Z', to: '2026-03-02T12:00:00+02:00' })).toBe(
      "StartTime >= '2026-03-01T12:00:00.000Z' AND StartTime < '2026-03-02T10:00:00.000Z'",
    );
    expect(() => visibilityQuery({ from: 'yesterday' })).toThrow(/"yesterday" is no time/);
  });

  it('takes what can be a tag only: Temporal on SQLite fails at a double quote', () => {
    expect(visibilityQuery({ tag: 'team:a/b' })).toMatch(/ = 'team:a\/b'$/);
    expect(() => visibilityQuery({ tag: 'a"' })).toThrow(/"a\\"" is no tag: those hold only a-z/);
  });

  it('takes a status as rows show it', () => {
    expect(visibilityQuery({ status: 'TIMED_OUT' })).toBe("ExecutionStatus = 'TimedOut'");
    expect(visibilityQuery({ status: 'CANCELLED' })).toBe("ExecutionStatus = 'Canceled'");
    expect(visibilityQuery({ status: 'CONTINUED_AS_NEW' })).toBe("ExecutionStatus = 'ContinuedAsNew'");
  });

  it('knows the statuses in any case and refuses others with those there are', () => {
    expect(visibilityQuery({ status: 'continuedasnew' })).toBe("ExecutionStatus = 'ContinuedAsNew'");
    expect(() => visibilityQuery({ status: 'dead' })).toThrow(/"dead" is no status of a run: use one of Running, /);
  });
});

describe('the heartbeat of a watch', () => {
  const view = { holder: 'host/1', pods: 7 };
  const payload = defaultPayloadConverter.toPayload({ checkpoint: null, view });

  it('is read from the pending activity', () => {
    expect(readHeartbeat([{ heartbeatDetails: { payloads: [payload] } }])).toEqual(view);
  });

  it('is null while nobody holds the watch', () => {
    expect(readHeartbeat([])).toBeNull();
    expect(readHeartbeat([{ heartbeatDetails: null }])).toBeNull();
    expect(readHeartbeat([{}])).toBeNull();
  });
});
