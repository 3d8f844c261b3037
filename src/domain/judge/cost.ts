import type { JudgePlan } from '../plan/judge-plan.ts';
import type { TokenCount, TokensUsed } from './answer.ts';

/** Sizes in tokens, as they are taken to be before anybody has asked. */
export interface AssumedTokens {
  /** A prompt. */
  readonly prompt: number;
  /** An answer of either arm; no more than the plan's `maxTokens`. */
  readonly answer: number;
  /** What the judge is told besides the prompt and two answers. */
  readonly instructions: number;
  /** What a judge writes. */
  readonly judgement: number;
}

/** About what chats of a few sentences have; a judge that thinks aloud writes several times as much. */
export const assumedTokens: AssumedTokens = { prompt: 200, answer: 300, instructions: 500, judgement: 150 };

/** What one Job is likely to take. */
export interface JudgeCost {
  readonly prompts: number;
  /** Of each arm, and of the judge. */
  readonly calls: { readonly stable: number; readonly canary: number; readonly judge: number };
  readonly tokens: TokensUsed;
  /** For the judge's tokens, in the currency of the plan's price; null: it has none. */
  readonly money: number | null;
}

/**
 * Estimates one Job before it starts. Each prompt is put to both arms; stable answers those of noise pairs again; sanity
 * pairs are made of answers that are there. The judge sees each pair twice, but for prompts that have a checker.
 * @param prompts in the set; the plan's `mostPrompts` may take fewer.
 * @param checked the share of prompts that have a checker, 0 to 1.
 */
export function judgeCost(
  judge: JudgePlan,
  prompts: number,
  {
    checked = 0,
    assumed = assumedTokens,
  }: { readonly checked?: number; readonly assumed?: AssumedTokens } = {},
): JudgeCost {
  const asked = Math.min(prompts, judge.mostPrompts ?? prompts);
  const noise = Math.round(asked * judge.noiseShare);
  const sanity = Math.round(asked * judge.sanityShare);
  const judged = judge.endpoint === null ? 0 : Math.round((asked + noise) * (1 - checked)) + sanity;
  const calls = { stable: asked + noise, canary: asked, judge: 2 * judged };
  const answer = Math.min(assumed.answer, judge.sampling.maxTokens);
  const ofArm = (count: number): TokenCount => ({ input: count * assumed.prompt, output: count * answer });
  const tokens = {
    stable: ofArm(calls.stable),
    canary: ofArm(calls.canary),
    judge: {
      input: calls.judge * (assumed.instructions + assumed.prompt + 2 * answer),
      output: calls.judge * assumed.judgement,
    },
  };
  return { prompts: asked, calls, tokens, money: moneyOf(judge.price, tokens.judge) };
}

/** What tokens cost, estimated or used; null without a price. */
export function moneyOf(price: JudgePlan['price'], { input, output }: TokenCount): number | null {
  if (price === null) return null;
  return (input * price.inputPerMillion + output * price.outputPerMillion) / 1_000_000;
}
