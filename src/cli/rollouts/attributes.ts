import type { WorkflowExecutionInfo } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Plan } from '../../domain/plan/plan.ts';
import type { RolloutOutcome } from '../../domain/rollout/state.ts';
import { hasSearchAttributes, searchAttributes } from '../../workflows/search-attributes.ts';
import type { ListedRollout, Sight } from './rollouts.ts';
import { wordsOf } from './temporal-errors.ts';

type Standing = Pick<ListedRollout, 'standing' | 'phase' | 'weightPercent'>;

/** What the rollout is found by; the workflow adds the rest as it goes. */
export function attributesOf({ name, target, release }: Plan): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: searchAttributes.target, value: `${target.cluster}/${target.namespace}/${name}` },
    { key: searchAttributes.version, value: release.version },
  ]);
}

/** Temporal has no mapping for one of them; it says so in words only. */
export function isAboutSearchAttributes(error: unknown): boolean {
  return /search attribute/i.test(wordsOf(error));
}

const types = { KEYWORD: 'Keyword', INT: 'Int', DOUBLE: 'Double' } as const;

export const searchAttributeAdvice =
  'Temporal does not know the search attributes of rollouts: lists in its UI lack version, phase, weight and outcome.\n' +
  'To add them, once: temporal operator search-attribute create' +
  Object.values(searchAttributes)
    .map(({ name, type }) => ` \\\n  --name ${name} --type ${types[type]}`)
    .join('');

/** From Temporal's list alone, without asking any worker; null for a rollout that has no search attributes. */
export function listedStanding({
  status,
  typedSearchAttributes: found,
}: WorkflowExecutionInfo): Standing | null {
  if (!hasSearchAttributes(found)) return null;
  const outcome = outcomes.find((it) => found.get(searchAttributes.outcome)?.startsWith(`${it}:`));
  return {
    standing: status.name === 'RUNNING' || status.name === 'PAUSED' ? 'running' : (outcome ?? 'cutOff'),
    phase: found.get(searchAttributes.phase) ?? null,
    weightPercent: found.get(searchAttributes.weight) ?? null,
  };
}

const outcomes: readonly RolloutOutcome['status'][] = ['promoted', 'rolledBack', 'failed'];

/** The same from a look at it. */
export function standingIn(sight: Sight): Standing {
  const state = 'state' in sight ? sight.state : null;
  const phase = state?.phase ?? null;
  return {
    standing: sight.kind === 'ended' ? sight.outcome.status : sight.kind === 'cutOff' ? 'cutOff' : 'running',
    phase: phase === null ? null : phase + 1,
    weightPercent: state?.weightPercent ?? null,
  };
}
