import type { ChatMessage } from '../judge/prompts.ts';

/** A kind of prompt: of each there are as many in a set as there are in the log, and at least one. */
export interface Stratum {
  /** As the log calls it; null: it does not. */
  readonly category: string | null;
  /** Characters of all messages: below 200, below 2,000, more. */
  readonly length: 'short' | 'medium' | 'long';
  /** How often a user speaks. */
  readonly turns: 'single' | 'dialogue';
  /** `code`, or the script that most letters of the user's last words are of: `latin`, `han`; `none` without letters. */
  readonly writing: string;
}

export function stratumOf(messages: readonly ChatMessage[], category: string | null): Stratum {
  const length = messages.reduce((sum, it) => sum + it.content.length, 0);
  return {
    category,
    length: length < 200 ? 'short' : length < 2000 ? 'medium' : 'long',
    turns: messages.filter((it) => it.role === 'user').length > 1 ? 'dialogue' : 'single',
    writing: writingOf(messages.at(-1)?.content ?? ''),
  };
}

/** More would not change what a text is written in. */
const looksAt = 2000;

/** A guess: how lines of programs begin and end. */
const codeLine =
  /^\s*(?:def|class|import|from \w+ import|func|fn|const|let|var|public|private|#include|SELECT|INSERT|UPDATE)\s|[;{}]\s*$/;
const leastCodeLines = 3;

function writingOf(whole: string): string {
  const text = whole.slice(0, looksAt);
  if (text.includes('```')) return 'code';
  if (text.split('\n').filter((it) => codeLine.test(it)).length >= leastCodeLines) return 'code';
  const counts = scripts.map(([name, pattern]) => ({ name, letters: text.match(pattern)?.length ?? 0 }));
  const most = counts.reduce((a, b) => (b.letters > a.letters ? b : a));
  return most.letters > 0 ? most.name : 'none';
}

const scripts: readonly (readonly [string, RegExp])[] = [
  ['latin', /\p{Script=Latin}/gu],
  ['cyrillic', /\p{Script=Cyrillic}/gu],
  ['greek', /\p{Script=Greek}/gu],
  ['arabic', /\p{Script=Arabic}/gu],
  ['hebrew', /\p{Script=Hebrew}/gu],
  ['devanagari', /\p{Script=Devanagari}/gu],
  ['thai', /\p{Script=Thai}/gu],
  ['hangul', /\p{Script=Hangul}/gu],
  // Chinese and Japanese.
  ['han', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu],
];
