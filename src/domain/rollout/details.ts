import type { RolloutState } from './state.ts';

/**
 * The state as Markdown, for the Temporal UI's current details.
 * @param state what the `status` query answers.
 */
export function renderDetails(state: RolloutState): string {
  const { plan, status, weightPercent, outcome, holdReason } = state;
  const head = `**${plan.name}** ${plan.release.version}: ${status}, ${weightPercent} % on the canary`;
  const phases = plan.phases.map((phase, index) => {
    const place = placeOf(state, index);
    return `| ${index + 1} | ${phase.weightPercent} % | ${minutes(phase.bakeMs)} | ${place} |`;
  });
  const table = ['| phase | weight | bake | |', '|---|---|---|---|', ...phases].join('\n');
  const held = holdReason === null ? '' : `\n\n**Holding:** ${holdReason}`;
  const verdicts = state.verdicts.map((it) => `- ${it.outcome}: ${it.sentence}`).join('\n');
  const ended = outcome === null ? '' : `\n\n**${outcome.status}** (${outcome.reason}): ${outcome.sentence}`;
  const todo = (outcome?.leftToDo ?? []).map((it) => `\n- left to do: ${it}`).join('');
  return `${head}\n\n${table}${held}${verdicts === '' ? '' : `\n\n${verdicts}`}${ended}${todo}`;
}

function placeOf({ phase, outcome, status }: RolloutState, index: number): string {
  if (status === 'promoted') return 'done';
  if (phase === null || outcome !== null) return '';
  if (index === phase) return 'now';
  return index < phase ? 'done' : '';
}

function minutes(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
