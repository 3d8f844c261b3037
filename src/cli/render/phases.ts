import type { PhasePlan } from '../../domain/plan/plan.ts';
import type { RolloutState, RolloutStatus } from '../../domain/rollout/state.ts';
import type { Paint } from './paint.ts';
import { percent } from './words.ts';

/** Where a phase stands: over, under way, where the rollout was stopped, or not begun. */
export type PhaseStanding = 'done' | 'now' | 'stopped' | 'ahead';

const afterTheLast: ReadonlySet<RolloutStatus> = new Set(['keepingOld', 'finishing', 'promoted']);
const takenBack: ReadonlySet<RolloutStatus> = new Set(['rollingBack', 'rolledBack', 'failed']);

/** One standing a phase, in the plan's order. */
export function standings({ plan, phase, status }: RolloutState): readonly PhaseStanding[] {
  if (afterTheLast.has(status)) return plan.phases.map(() => 'done');
  // What waits for approval is the next phase.
  const present = status === 'awaitingApproval' ? (phase ?? -1) + 1 : phase;
  if (present === null) return plan.phases.map(() => 'ahead');
  const standing = takenBack.has(status) ? 'stopped' : 'now';
  return plan.phases.map((_, index) => (index < present ? 'done' : index === present ? standing : 'ahead'));
}

const marks: Record<PhaseStanding, string> = { done: '✓', now: '▶', stopped: '✗', ahead: '·' };

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
