import type { RolloutState, RolloutStatus } from '../../domain/rollout/state.ts';
import { placeFlags } from '../rollouts/name.ts';

/** A command that a person can give now, and what it does. */
export interface Choice {
  readonly command: string;
  readonly effect: string;
}

type Verb = 'approve' | 'advance' | 'advanceFull' | 'hold' | 'resume' | 'abort';

/** Which commands make sense; the workflow has the last word. */
const verbs: Record<RolloutStatus, readonly Verb[]> = {
  preparing: ['abort'],
  awaitingApproval: ['approve', 'abort'],
  shifting: ['hold', 'abort'],
  baking: ['advance', 'advanceFull', 'hold', 'abort'],
  gating: ['hold', 'abort'],
  judging: ['advance', 'advanceFull', 'hold', 'abort'],
  holding: ['resume', 'advance', 'advanceFull', 'abort'],
  keepingOld: ['advance', 'hold', 'abort'],
  // The release is stable's from here on: an abort would be too late.
  finishing: [],
  rollingBack: [],
  promoted: [],
  rolledBack: [],
  failed: [],
};

/** What a person can do now. Empty when there is nothing left to decide. */
export function choices({ status, plan }: RolloutState): readonly Choice[] {
  const place = placeFlags(plan.target);
  const late = status === 'keepingOld';
  const command = (verb: string) => `sluice ${verb} ${plan.name}${place}`;
  const offers: Record<Verb, Choice> = {
    approve: { command: command('approve'), effect: 'let the phase begin' },
    advance: {
      command: command('advance'),
      effect: late
        ? 'end the keep time of the old release now'
        : status === 'judging'
          ? 'go on without the judge'
          : 'end this phase now',
    },
    advanceFull: { command: `${command('advance')} --full`, effect: 'go to 100 % now; guards stay on' },
    hold: { command: command('hold'), effect: 'stay at this weight until resumed' },
    resume: { command: command('resume'), effect: 'go on' },
    abort: { command: command('abort'), effect: 'all traffic back to stable, at once' },
  };
  return verbs[status].map((verb) => offers[verb]);
}
