import type { PhasePlan, Plan } from '../../domain/plan/plan.ts';
import type { RolloutState, RolloutStatus } from '../../domain/rollout/state.ts';
import type { Paint } from './paint.ts';
import { percent } from './words.ts';

/** Where a phase stands: over, under way, where the rollout was stopped, or not begun. */
export type PhaseStanding = 'done' | 'now' | 'stopped' | 'ahead';

const afterTheLast: ReadonlySet<RolloutStatus> = new Set(['keepingOld', 'finishing', 'promoted']);
const takenBack: ReadonlySet<RolloutStatus> = new Set(['rollingBack', 'rolledBack', 'failed']);

/** One standing a phase, in the plan's order. */
export function standings(state: RolloutState): readonly PhaseStanding[] {
  const { plan, phase, status } = state;
  if (afterTheLast.has(status) || hasLeftTheLast(state)) return plan.phases.map(() => 'done');
  // What waits for approval is the next phase.
  const present = status === 'awaitingApproval' ? (phase ?? -1) + 1 : phase;
  if (present === null) return plan.phases.map(() => 'ahead');
  const standing = takenBack.has(status) ? 'stopped' : 'now';
  return plan.phases.map((_, index) => (index < present ? 'done' : index === present ? standing : 'ahead'));
}

/** The same of a plan whose rollout was perhaps never seen. */
export function planStandings(plan: Plan, state: RolloutState | null): readonly PhaseStanding[] {
  return state === null ? plan.phases.map(() => 'ahead') : standings(state);
}

/** The time after the last phase in which the old release is kept; null for a plan without one. */
export function keepStanding(plan: Plan, state: RolloutState | null): PhaseStanding | null {
  if (plan.keepOldMs === 0) return null;
  if (state === null) return 'ahead';
  if (state.status === 'finishing' || state.status === 'promoted') return 'done';
  if (state.status === 'keepingOld') return 'now';
  if (!hasLeftTheLast(state)) return 'ahead';
  return takenBack.has(state.status) ? 'stopped' : 'now';
}

const beforeAPhase: ReadonlySet<RolloutStatus> = new Set(['preparing', 'awaitingApproval']);

/** No phase is under way before the first one and after the last one; only the events tell which of both it is. */
function hasLeftTheLast({ phase, status, events }: RolloutState): boolean {
  return phase === null && !beforeAPhase.has(status) && events.some(({ what }) => /^phase \d+: /.test(what));
}

export const marks: Record<PhaseStanding, string> = { done: '✓', now: '▶', stopped: '✗', ahead: '·' };

/** A mark and the text, in the colour of the standing. */
export function marked(standing: PhaseStanding, text: string, paint: Paint): string {
  const paints = { done: paint.good, now: paint.strong, stopped: paint.bad, ahead: paint.faint };
  return paints[standing](`${marks[standing]} ${text}`);
}

/** `✓ 1 % ── ▶ 10 % ── · 50 % ── · 100 %` */
export function phaseBar(state: RolloutState, paint: Paint): string {
  return standings(state)
    .map((standing, index) =>
      marked(standing, percent(state.plan.phases[index]?.weightPercent ?? NaN), paint),
    )
    .join(paint.faint(' ── '));
}

/** `phase 2 of 4`; null when no phase is under way. */
export function phaseOf({ plan, phase }: RolloutState): string | null {
  return phase === null ? null : `phase ${phase + 1} of ${plan.phases.length}`;
}

/** The phase under way, or null. */
export function presentPhase({ plan, phase }: RolloutState): PhasePlan | null {
  return phase === null ? null : (plan.phases[phase] ?? null);
}
