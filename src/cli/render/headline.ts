import type { RolloutState } from '../../domain/rollout/state.ts';
import { phaseOf, presentPhase } from './phases.ts';
import { span } from '../../domain/rollout/span.ts';
import { oneLine, percent } from './words.ts';

/** Where the rollout stands, in one sentence without a name. */
export function headline(state: RolloutState, nowMs: number): string {
  const { status, plan, weightPercent, holdReason, endsAtMs, outcome } = state;
  const weight = percent(weightPercent);
  const left = endsAtMs === null ? null : span(endsAtMs - nowMs);
  switch (status) {
    case 'preparing':
      return 'preparing: checks, and the canary beside stable';
    case 'awaitingApproval':
      return `waits for a person to approve ${nextPhase(state)}${limit(state, left)}`;
    case 'shifting':
      return `shifting to ${percent(presentPhase(state)?.weightPercent ?? weightPercent)}`;
    case 'baking':
      return `baking at ${weight}${left === null ? '' : `, ${left} left`}`;
    case 'gating':
      return `asking the gates of ${phaseOf(state) ?? 'the phase'} at ${weight}`;
    case 'judging':
      return `waiting for the judge of ${phaseOf(state) ?? 'the phase'} at ${weight}`;
    case 'holding':
      return `holding at ${weight}: ${oneLine(holdReason ?? 'no reason given')}${limit(state, left)}`;
    case 'keepingOld':
      return `${weight} on ${plan.release.version}; the old release is kept warm${left === null ? '' : `, ${left} left`}`;
    case 'finishing':
      return `finishing: ${plan.release.version} becomes stable`;
    case 'rollingBack':
      return 'rolling back';
    case 'promoted':
    case 'rolledBack':
    case 'failed':
      return oneLine(outcome?.sentence ?? status);
  }
}

function nextPhase({ plan, phase }: RolloutState): string {
  const next = (phase ?? -1) + 1;
  const weightPercent = plan.phases[next]?.weightPercent;
  return `phase ${next + 1}${weightPercent === undefined ? '' : ` (${percent(weightPercent)})`}`;
}

/** What happens when nobody answers. */
function limit({ plan }: RolloutState, left: string | null): string {
  if (left === null || plan.hold.then === 'keepHolding') return '';
  return `; rolls back in ${left}`;
}
