import { nameText } from '../rollouts/name.ts';
import type { Runner } from '../rollouts/rollouts.ts';
import { headline } from './headline.ts';
import { phaseOf } from './phases.ts';
import { span } from '../../domain/rollout/span.ts';
import { moment } from './words.ts';

/** Why a rollout cannot start: who rolls the same target out. */
export function takenText({ run, version, startedBy, startedAtMs, state }: Runner, nowMs: number): string {
  const standing =
    state === null
      ? 'no worker answers where it stands'
      : [phaseOf(state), headline(state, nowMs)].filter((part) => part !== null).join(', ');
  return (
    `${nameText(run.rollout)} is being rolled out with another plan; nothing was changed:\n` +
    `  version    ${version ?? 'unknown'}\n` +
    `  standing   ${standing}\n` +
    `  started by ${startedBy ?? 'unknown'}\n` +
    `  since      ${moment(startedAtMs)} (${span(nowMs - startedAtMs)})`
  );
}
