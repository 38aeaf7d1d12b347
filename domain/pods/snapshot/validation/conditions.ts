import { isText, isTime, listOf, objectOf, optional } from './checks.ts';

/** `status.conditions` as the API server sends them, of a Pod or a Node. */
export const conditionsCheck = optional(
  listOf(
    objectOf({
      type: isText,
      status: isText,
      reason: optional(isText),
      message: optional(isText),
      lastTransitionTime: optional(isTime),
    }),
  ),
);
