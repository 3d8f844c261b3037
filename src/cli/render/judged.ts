import type { JudgeAnswer } from '../../domain/judge/answer.ts';
import type { Judged, RolloutState } from '../../domain/rollout/state.ts';
import { verdictCells } from './criteria.ts';
import type { Paint } from './paint.ts';
import { table } from './table.ts';
import { count, oneLine } from './words.ts';

/** What the judge said last, and what of; nothing before. */
export function judgedLines({ judged }: Pick<RolloutState, 'judged'>, paint: Paint): string {
  const last = judged.at(-1);
  if (last === undefined) return '';
  const rows = last.verdicts.map((it) => verdictCells(it, paint));
  return `${table(rows, '  ')}${judgedFacts(last)
    .map((it) => `  ${paint.faint(oneLine(it))}\n`)
    .join('')}`;
}

/** Sentences about how a phase was judged: pairs, model, prompts, trust, tokens; and which Jobs failed. */
export function judgedFacts({ phase, attempts, answer, failures }: Judged): string[] {
  const tries = failures.map((why, index) => `Job ${index + 1} of phase ${phase + 1} failed: ${why}`);
  if (answer === null) return tries;
  const jobs = attempts === 1 ? [] : [`${count(attempts, 'Job')} in phase ${phase + 1}`];
  return [...tries, ...jobs, ...answerFacts(answer)];
}

/** The same of an answer alone. */
export function answerFacts(answer: JudgeAnswer): string[] {
  const { pairs, noise, trust, prompts, judge, lengths, tokens, transcripts } = answer;
  const facts = [`the canary won ${pairs.wins}, lost ${pairs.losses}, ${count(pairs.ties, 'tie')}`];
  if (noise !== undefined)
    facts.push(`stable against itself: won ${noise.wins}, lost ${noise.losses}, ${count(noise.ties, 'tie')}`);
  if (prompts !== undefined)
    facts.push(
      `${count(prompts.count, 'prompt')} of ${prompts.name} (sha256 ${prompts.sha256.slice(0, 12)})`,
    );
  if (judge !== undefined)
    facts.push(`judged by ${judge.model}, asked with text ${judge.promptSha256.slice(0, 12)}`);
  if (trust !== undefined) {
    const { asked, lost, identical, spoilt, order, sameFamily } = trust;
    facts.push(
      `lost of ${asked}: ${lost.stable} by stable, ${lost.canary} by the canary, ${lost.judge} by the judge`,
      `sanity pairs judged rightly: ${identical.right} of ${identical.asked} identical, ${spoilt.right} of ${spoilt.asked} spoilt`,
      `of ${count(order.decided, 'vote')} for one answer ${order.first} were for the first shown`,
    );
    if (sameFamily) facts.push('the judge looks like a relative of a contestant: it may favour its own');
  }
  if (lengths !== undefined) {
    const { stable, canary, controlledWinRate } = lengths;
    const rate =
      controlledWinRate === null ? '' : `; at equal length it would win ${share(controlledWinRate)}`;
    facts.push(
      `answers: stable's ${Math.round(stable)} characters, the canary's ${Math.round(canary)}${rate}`,
    );
  }
  if (tokens !== undefined)
    facts.push(
      `tokens: judge ${sum(tokens.judge)}, stable ${sum(tokens.stable)}, canary ${sum(tokens.canary)}`,
    );
  if (transcripts !== undefined) facts.push(`transcripts: ${transcripts}`);
  return facts;
}

function sum({ input, output }: { readonly input: number; readonly output: number }): string {
  return `${input} in, ${output} out`;
}

function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
