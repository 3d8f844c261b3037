import type { JudgePlan, RubricCriterion } from '../../domain/plan/judge-plan.ts';
import { whyNoEndpoint } from '../../domain/plan/rules/judge-addresses.ts';
import { addressOf, formats, isIn, ranges, urlText } from '../../domain/plan/rules/values.ts';
import type { Reading } from '../checked-option.ts';

export const endpoint: Reading<string> = (text, refuse) => {
  const allowed = whyNoEndpoint(text);
  return allowed === null ? text : refuse(allowed);
};

/** A set of prompts: a file, or its address. It may be a presigned one: unlike a rollout file's, nobody keeps it. */
export const promptSet: Reading<string> = (text, refuse) => {
  if (text === '') return refuse('a file or an address');
  return isAddress(text) && addressOf(text) === null ? refuse(urlText) : text;
};

/** Everything else names a file. */
export function isAddress(text: string): boolean {
  return /^https?:\/\//.test(text);
}

/** `name: value`, added to those before. */
export const header: Reading<Readonly<Record<string, string>>> = (text, refuse, others) => {
  const [, name = '', value = ''] = /^([^:]*):\s*(.*?)\s*$/s.exec(text) ?? [];
  // It may be a token that is not shown, then, on whichever side of the colon.
  const hidden = 'a text that may be a secret';
  if (!formats.headerName.pattern.test(name))
    return refuse(`NAME: VALUE, the first ${formats.headerName.text}`, hidden);
  if (!formats.headerValue.pattern.test(value))
    return refuse(`NAME: VALUE, the second ${formats.headerValue.text}`, hidden);
  return { ...others, [name]: value };
};

/** `correctness: What it says is true.`, added to those before. What names and sentences may be is for the rules. */
export const criterion: Reading<readonly RubricCriterion[]> = (text, refuse, others) => {
  const [, name, description] = /^\s*([^:]+?)\s*:\s*(\S.*)$/s.exec(text) ?? [];
  if (name === undefined || description === undefined) return refuse('NAME: SENTENCE');
  return [...others, { name, description }];
};

/** `0.15,0.6`: of a million tokens, in and out. */
export const price: Reading<NonNullable<JudgePlan['price']>> = (text, refuse) => {
  const found = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text);
  const [inputPerMillion, outputPerMillion] = [Number(found?.[1]), Number(found?.[2])];
  return isIn(ranges.inputPrice, inputPerMillion) && isIn(ranges.inputPrice, outputPerMillion)
    ? { inputPerMillion, outputPerMillion }
    : refuse(`IN,OUT, such as 0.15,0.6: of a million tokens, each ${ranges.inputPrice.text}`);
};
