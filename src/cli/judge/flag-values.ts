import { InvalidArgumentError } from 'commander';
import type { JudgePlan, RubricCriterion } from '../../domain/plan/judge-plan.ts';
import { parsePercent } from '../../plan-file/percent.ts';

/** An endpoint's address. */
export function address(text: string): string {
  const url = URL.parse(text);
  const bare = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (!bare || !['http:', 'https:'].includes(url.protocol))
    throw new InvalidArgumentError('It must be an http or https address without user, password and query.');
  if (/\/v1\/?$/.test(url.pathname))
    throw new InvalidArgumentError('It must end before /v1, which is added to it.');
  return text;
}

/** `10%` as a share of 1. */
export function shareOf(text: string): number {
  const share = parsePercent(text);
  if (share === null || share <= 0 || share > 1)
    throw new InvalidArgumentError('It must be a share with its percent sign, above 0% to 100%.');
  return share;
}

export function numberFrom(min: number, max: number, whole = true): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`);
    return value;
  };
}

/** `name: value`, added to those before. */
export function header(
  text: string,
  others: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const found = /^([\w!#$%&'*+.^`|~-]+):\s*(.*\S)\s*$/.exec(text);
  if (found === null) throw new InvalidArgumentError('It must be NAME: VALUE.');
  const [, name = '', value = ''] = found;
  return { ...others, [name]: value };
}

/** `correctness: What it says is true.`, added to those before. */
export function criterion(text: string, others: readonly RubricCriterion[]): readonly RubricCriterion[] {
  const found = /^\s*([^:]+?)\s*:\s*(\S.*)$/s.exec(text);
  const [, name = '', description = ''] = found ?? [];
  if (found === null || others.some((it) => it.name === name))
    throw new InvalidArgumentError('It must be NAME: SENTENCE, with a name of its own.');
  return [...others, { name, description }];
}

/** `0.15,0.6`: of a million tokens, in and out. */
export function price(text: string): NonNullable<JudgePlan['price']> {
  const found = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text);
  if (found === null)
    throw new InvalidArgumentError('It must be IN,OUT: what a million tokens cost, such as 0.15,0.6.');
  return { inputPerMillion: Number(found[1]), outputPerMillion: Number(found[2]) };
}
