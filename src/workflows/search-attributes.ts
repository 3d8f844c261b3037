import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type TypedSearchAttributes,
} from '@temporalio/common';

/** Columns in the Temporal UI. A namespace has to know them before the first rollout starts (docs/cli.md). */
export const searchAttributes = {
  target: defineSearchAttributeKey('SluiceTarget', SearchAttributeType.KEYWORD),
  version: defineSearchAttributeKey('SluiceVersion', SearchAttributeType.KEYWORD),
  phase: defineSearchAttributeKey('SluicePhase', SearchAttributeType.INT),
  weight: defineSearchAttributeKey('SluiceWeight', SearchAttributeType.DOUBLE),
  outcome: defineSearchAttributeKey('SluiceOutcome', SearchAttributeType.KEYWORD),
} as const;

/** Whether whoever started the rollout set them: only then may the workflow write them, and not get stuck. */
export function hasSearchAttributes(attributes: TypedSearchAttributes): boolean {
  return attributes.get(searchAttributes.target) !== undefined;
}
