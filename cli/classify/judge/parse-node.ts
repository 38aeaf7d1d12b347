import { projectConditions } from '../../../domain/pods/snapshot/projection/conditions.ts';
import { fullLimits } from '../../../domain/pods/snapshot/projection/limits.ts';
import { BoundedReader, type Fields, fieldsOf } from '../../../domain/pods/snapshot/projection/reader.ts';
import { isText, objectOf, optional } from '../../../domain/pods/snapshot/validation/checks.ts';
import { conditionsCheck } from '../../../domain/pods/snapshot/validation/conditions.ts';
import type { NodeEvidence } from '../../../domain/pods/verdict/evidence.ts';

export type NamedNode = NodeEvidence & { readonly name: string };

const nodeCheck = objectOf({
  metadata: objectOf({ name: isText }),
  status: optional(
    objectOf({
      conditions: conditionsCheck,
      nodeInfo: optional(objectOf({ operatingSystem: optional(isText) })),
    }),
  ),
});

/** Reads a Node: its conditions and its operating system. */
export function parseNode(value: Fields): { readonly node: NamedNode } | { readonly fault: string } {
  const fault = nodeCheck(value, '');
  if (fault !== undefined) return { fault };
  const status = fieldsOf(value.status);
  const { operatingSystem } = fieldsOf(status.nodeInfo);
  return {
    node: {
      name: fieldsOf(value.metadata).name as string,
      conditions: projectConditions(status.conditions, new BoundedReader(fullLimits)),
      ...(typeof operatingSystem === 'string' ? { operatingSystem } : {}),
    },
  };
}
