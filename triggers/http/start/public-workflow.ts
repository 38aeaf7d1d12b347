import type { z } from 'zod';
import type { Scope } from '../../../domain/scopes.ts';
import type { AttributePair } from '../../../domain/search-attributes.ts';
import type { HttpDependencies } from '../http-app.ts';
import { faultProblem } from '../problems/fault-problem.ts';
import { requestFaults } from '../problems/request-faults.ts';

/** All that Temporal is told to start one run. */
export interface WorkflowPlan {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly input: object;
  readonly staticSummary: string;
  readonly typedSearchAttributes: readonly AttributePair[];
  /** Whether another request may start a run under the id of a closed one. */
  readonly again: 'never' | 'after-close';
}

export interface PlanContext {
  readonly dependencies: HttpDependencies;
  /** The Idempotency-Key, or a random one: part of ids that nothing else decides. */
  readonly requestId: string;
  readonly now: Date;
}

interface Definition<Input> {
  /** Of the workflow, and in the address. */
  readonly type: string;
  /** What a token needs to start it: that of the other addresses for such runs. */
  readonly scope: Scope;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Throws a Problem `invalid_input` for what the schema can't say. */
  readonly plan: (input: Input, context: PlanContext) => WorkflowPlan;
}

/** A workflow that anyone with the scope may start. */
export interface PublicWorkflow extends Omit<Definition<unknown>, 'plan'> {
  /** Throws a Problem `invalid_input` that names each fault of the body. */
  readonly planFrom: (body: unknown, context: PlanContext) => WorkflowPlan;
}

export function definePublicWorkflow<Input>({ plan, ...definition }: Definition<Input>): PublicWorkflow {
  return {
    ...definition,
    planFrom(body, context) {
      const result = definition.input.safeParse(body ?? undefined);
      if (!result.success) throw faultProblem('invalid_input', requestFaults('body', result.error.issues));
      return plan(result.data, context);
    },
  };
}
