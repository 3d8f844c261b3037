import { isRight, type KeepsSchema } from '../domain/judge/checkers.ts';
import { checkedJudgement, judgementOf } from '../domain/judge/judge-pair.ts';
import type { JudgedPair } from '../domain/judge/judged-pair.ts';
import type { PlannedPair } from '../domain/judge/schedule.ts';
import { spoil } from '../domain/judge/spoil.ts';
import type { ChatReply } from './chat-endpoint.ts';
import type { Contestant } from './contestant.ts';
import type { JudgeModel, Vote } from './judge-model.ts';

/** Who takes part. */
export interface Parties {
  readonly stable: Contestant;
  readonly canary: Contestant;
  /** Null: checkers alone. */
  readonly judge: JudgeModel | null;
  readonly keepsSchema: KeepsSchema;
}

/** A pair, and what was said until it was judged or lost. */
export interface PairRecord {
  readonly pair: JudgedPair;
  readonly planned: PlannedPair;
  /** `canary` is what stands in its place, too. Null: no answer. */
  readonly answers: { readonly stable: string | null; readonly canary: string | null };
  /** Stable's answer shown first, then the canary's; fewer where a first one was lost already. */
  readonly votes: readonly Vote[];
  /** Why it was lost; null: it was not. */
  readonly why: string | null;
}

/** Asks for both answers and has them judged. Never rejects: whoever fails has lost the pair. */
export async function judgeOne(
  planned: PlannedPair,
  parties: Parties,
  signal: AbortSignal,
): Promise<PairRecord> {
  // Before anybody is asked: an arm that had no time to answer has lost nothing.
  if (signal.aborted) return lost(planned, 'judge', 'there was no time left for it');
  const stable = await parties.stable.answer(planned.prompt, signal);
  if (stable.kind === 'failed') return lost(planned, 'stable', stable.why);
  const canary = await otherAnswer(planned, stable.text, parties, signal);
  if (canary.kind === 'failed')
    return lost(planned, planned.kind === 'arms' ? 'canary' : 'stable', canary.why, { stable: stable.text });
  const answers = { stable: stable.text, canary: canary.text };
  const { checker } = planned.prompt;
  if (checker !== null) {
    const right = (text: string) => isRight(checker, text, parties.keepsSchema);
    const judgement = checkedJudgement({ stable: right(answers.stable), canary: right(answers.canary) });
    return { pair: pairOf(planned, { judgement, answers }), planned, answers, votes: [], why: null };
  }
  return parties.judge === null
    ? lost(planned, 'judge', 'there is none', answers)
    : voted(planned, answers, parties.judge, signal);
}

/** The answer that stands where the canary's would. */
async function otherAnswer(
  { kind, prompt }: PlannedPair,
  stable: string,
  parties: Parties,
  signal: AbortSignal,
): Promise<ChatReply> {
  switch (kind) {
    case 'arms':
      return parties.canary.answer(prompt, signal);
    case 'noise':
      return parties.stable.anotherAnswer(prompt, signal);
    case 'identical':
      return { kind: 'answer', text: stable, model: null };
    case 'spoilt':
      return { kind: 'answer', text: spoil(stable), model: null };
  }
}

interface Answers {
  readonly stable: string;
  readonly canary: string;
}

async function voted(
  planned: PlannedPair,
  answers: Answers,
  judge: JudgeModel,
  signal: AbortSignal,
): Promise<PairRecord> {
  const { messages, reference } = planned.prompt;
  const { stable, canary } = answers;
  const votes: Vote[] = [];
  for (const [first, second] of [
    [stable, canary],
    [canary, stable],
  ] as const) {
    const vote = await judge.vote({ messages, reference, first, second }, signal);
    votes.push(vote);
    if (vote.reading.kind === 'unparsable') return lost(planned, 'judge', vote.reading.why, answers, votes);
  }
  const [stableFirst, canaryFirst] = votes.map(({ reading }) => reading);
  if (stableFirst?.kind !== 'read' || canaryFirst?.kind !== 'read')
    throw new Error('Both votes were read: the loop ends at one that was not');
  const judgement = judgementOf(stableFirst.reading, canaryFirst.reading);
  return { pair: pairOf(planned, { judgement, answers }), planned, answers, votes, why: null };
}

function lost(
  planned: PlannedPair,
  lostBy: NonNullable<JudgedPair['lostBy']>,
  why: string,
  { stable = null, canary = null }: { readonly stable?: string | null; readonly canary?: string | null } = {},
  votes: readonly Vote[] = [],
): PairRecord {
  const answers = stable === null || canary === null ? null : { stable, canary };
  return {
    pair: pairOf(planned, { judgement: null, lostBy, answers }),
    ...{ planned, answers: { stable, canary }, votes, why },
  };
}

function pairOf(
  { prompt: { id, category }, kind }: PlannedPair,
  come: Pick<JudgedPair, 'judgement'> & Partial<Pick<JudgedPair, 'lostBy'>> & { answers: Answers | null },
): JudgedPair {
  const { judgement, lostBy = null, answers } = come;
  const lengths = answers === null ? null : { stable: answers.stable.length, canary: answers.canary.length };
  return { id, category, kind, judgement, lostBy, lengths };
}
