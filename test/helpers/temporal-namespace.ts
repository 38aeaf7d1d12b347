import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, isGrpcServiceError } from '@temporalio/client';

const grpcNotFound = 5;
const visibleMs = 20_000;

/** Registers a namespace of its own for a test, without any search attribute, and waits until the server serves it. */
export async function createTestNamespace(connection: Connection): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as unknown as Long },
  });
  for (const deadlineMs = performance.now() + visibleMs; ;) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace });
      return namespace;
    } catch (error) {
      const unknownYet = isGrpcServiceError(error) && (error.code as number) === grpcNotFound;
      if (!unknownYet || performance.now() > deadlineMs) throw error;
      await sleep(100);
    }
  }
}

type Long = NonNullable<
  NonNullable<
    Parameters<Connection['workflowService']['registerNamespace']>[0]['workflowExecutionRetentionPeriod']
  >['seconds']
>;
