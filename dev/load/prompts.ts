/** Questions with short answers, some of which a program can check. */
const questions = [
  'What is 17 + 25?',
  'What is 144 / 12?',
  'What is 9 * 8?',
  'What is 1003 - 17?',
  'Name the capital of Portugal.',
  'Name the three primary colours of light.',
  'Write one sentence about a lighthouse in winter.',
  'Translate "good morning" into French, German and Japanese.',
  'Is 97 a prime number? Answer yes or no.',
  'Sort these words by length: canal, sluice, weir, reservoir.',
  'Explain in two sentences what a lock on a canal does.',
  'Give the next number: 1, 1, 2, 3, 5, 8.',
] as const;

/**
 * The text of the user's message for one request.
 *
 * @param index number of the request, from 0
 * @param random seeded chance, the same on every run with the same seed
 */
export type Prompt = (index: number, random: () => number) => string;

/** Picks one of a dozen built-in questions. */
export const builtInPrompt: Prompt = (_index, random) =>
  questions[Math.floor(random() * questions.length)] ?? questions[0];
