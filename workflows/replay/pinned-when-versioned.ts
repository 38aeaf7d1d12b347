import { workflowInfo } from '@temporalio/workflow';
import type { WorkflowDefinitionOptions } from '@temporalio/common';

/**
 * Options of a workflow that ends soon and stays on the version of the code it began on. A worker without worker versioning
 * can't complete a task that says so: the task would fail for ever.
 */
export function pinnedWhenVersioned(): WorkflowDefinitionOptions {
  const { deploymentName = '' } = workflowInfo().currentDeploymentVersion ?? {};
  return deploymentName === '' ? {} : { versioningBehavior: 'PINNED' };
}
