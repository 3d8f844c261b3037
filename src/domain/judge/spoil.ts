import { hashOf } from './hash.ts';

/**
 * An answer made worthless, with the same length, the same lines and words as long: no judge that reads it can take it for
 * a good one, and one that only measures it will. Words change places within their line and are spelt backwards, digits
 * are others. The same answer is always spoilt in the same way.
 */
export function spoil(answer: string): string {
  const spoilt = answer.split('\n').map(spoilLine).join('\n');
  return spoilt === answer ? `${answer} ${nothing}`.trim() : spoilt;
}

/** For an answer without a word or a digit that could be turned round. */
const nothing = 'Qzx vrk.';

function spoilLine(line: string): string {
  const words = line.split(' ').map((word, place) => ({ word, order: hashOf(`${place} ${word}`) }));
  return words
    .sort((one, other) => one.order - other.order)
    .map(({ word }) => Array.from(word, otherDigit).reverse().join(''))
    .join(' ');
}

function otherDigit(character: string): string {
  return character >= '0' && character <= '9' ? String((Number(character) + 3) % 10) : character;
}
