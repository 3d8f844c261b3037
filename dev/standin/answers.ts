/**
 * The texts. What an answer states is a function of its prompt alone, so a
 * judge can check it; how long it is, is given by the caller.
 */

const { imul } = Math;

/** How an answer goes wrong; `undefined` elsewhere means a right one. */
export type Flaw = 'wrong' | 'cut' | 'repeated';

const nouns = (
  'amber anchor apple arrow basket beacon bridge candle canyon castle cedar cherry clover copper coral cotton ' +
  'crystal desert dolphin eagle ember falcon feather forest garden glacier granite harbour hazel island ivory ' +
  'jasmine juniper lantern lemon linen marble meadow mirror mountain olive opal orchard oyster paper pearl pepper ' +
  'pine pocket quarry rainbow raven ribbon river saddle saffron silver thistle thunder timber tulip velvet willow'
).split(' ');

const unrelated = 'Bananas ripen faster next to apples, and that is all there is to say.';

/** Whole sentences that say nothing; the one at place `n` of `remainders` has `n` words. */
const fillers = [
  'All of this can be checked.',
  'Nothing else would change the outcome.',
  'A second way leads there too.',
];
const remainders = [
  '',
  'Indeed.',
  'It holds.',
  'Nothing contradicts it.',
  'Each step is short.',
  'One may check this twice.',
];

const sumPattern = /(?<![\d.])(-?\d{1,6})\s*([-+*x×])\s*(-?\d{1,6})(?![\d])/;

/** The one word a right answer to `prompt` holds: the number for "What is 17 + 25?", else a noun of its own. */
export function keyword(prompt: string): string {
  const sum = sumIn(prompt);
  return sum ? String(sum.value) : (nouns[hashOf(prompt) % nouns.length] ?? '');
}

/**
 * The answer to `prompt` as tokens to be joined without a separator.
 * @param length tokens of a right answer, >= 1; a cut one has half of them
 */
export function answerTokens(prompt: string, length: number, flaw?: Flaw): string[] {
  if (flaw === 'repeated') return repeated(prompt, length);
  const stated = flaw === 'wrong' ? wrong(prompt, length) : right(prompt, length);
  const words = [...stated, ...padding(length - stated.length)];
  return (flaw === 'cut' ? cut(words) : words).map(asToken);
}

/** Tokens in a text: words, as this stand-in has no tokenizer. */
export function countTokens(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

function right(prompt: string, length: number): string[] {
  const key = keyword(prompt);
  const sum = sumIn(prompt);
  const sentence = sum ? `${sum.text} = ${key}.` : `The answer to ${topicOf(prompt)} is ${key}.`;
  return longestThatFits(length, [sentence, `${key}.`]);
}

function wrong(prompt: string, length: number): string[] {
  const sum = sumIn(prompt);
  if (!sum) return longestThatFits(length, [unrelated, 'Bananas.']);
  const off = sum.value + 1 + (hashOf(prompt) % 9);
  return longestThatFits(length, [`${sum.text} = ${off}.`, `${off}.`]);
}

function repeated(prompt: string, length: number): string[] {
  return Array.from({ length }, () => keyword(prompt)).map(asToken);
}

/** The first half, and never up to the end of a sentence. */
function cut(words: readonly string[]): string[] {
  const half = words.slice(0, Math.max(1, Math.floor(words.length / 2)));
  if (half.length > 1 && half.at(-1)?.endsWith('.')) half.pop();
  return half.map((word, place) => (place === half.length - 1 ? word.replace(/[.,]$/, '') : word));
}

function padding(length: number): string[] {
  const words: string[] = [];
  for (let turn = 0; ; turn += 1) {
    const sentence = (fillers[turn % fillers.length] ?? '').split(' ');
    const left = length - words.length;
    if (left >= sentence.length) words.push(...sentence);
    else return left > 0 ? [...words, ...(remainders[left] ?? '').split(' ')] : words;
  }
}

function longestThatFits(length: number, sentences: readonly string[]): string[] {
  const fitting = sentences.map((sentence) => sentence.split(' ')).find((words) => words.length <= length);
  return fitting ?? (sentences.at(-1) ?? '').split(' ');
}

function asToken(word: string, place: number): string {
  return place === 0 ? word : ` ${word}`;
}

/** The first sum, difference or product a prompt asks for. */
function sumIn(prompt: string): { readonly text: string; readonly value: number } | undefined {
  const found = sumPattern.exec(prompt);
  if (!found) return undefined;
  const [, left = '', operator = '', right = ''] = found;
  return { text: `${left} ${operator} ${right}`, value: calculate(Number(left), operator, Number(right)) };
}

function calculate(left: number, operator: string, right: number): number {
  if (operator === '+') return left + right;
  return operator === '-' ? left - right : left * right;
}

function topicOf(prompt: string): string {
  const words = prompt.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length === 0 ? 'that' : `"${words.slice(0, 6).join(' ')}"`;
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) {
    hash = imul(hash ^ text.charCodeAt(place), 0x01000193);
  }
  return hash >>> 0;
}
