import { Option } from 'commander';
import { isIn, type Format, type Range } from '../domain/plan/rules/values.ts';
import { parseDuration } from '../plan-file/duration.ts';
import { describe } from '../plan-file/found.ts';
import { parsePercent } from '../plan-file/percent.ts';
import { exitCodes } from './exit-codes.ts';
import { CliProblem } from './problem.ts';

/**
 * Says what is allowed in the place of what was found.
 * @param found where the text itself must not be shown
 */
export type Refuse = (allowed: string, found?: string) => never;

/** What a flag's text means. `before`: what it meant so far, of a flag that may repeat. */
export type Reading<T> = (text: string, refuse: Refuse, before: T) => T;

/**
 * A flag whose text is told, where it is refused, as the rollout file tells it of a field: found and allowed, and nothing
 * that may be a secret.
 */
export function checkedOption<T>(flags: string, about: string, read: Reading<T>): Option {
  const option = new Option(flags, about);
  return option.argParser((text: string, before: T) => {
    const refuse: Refuse = (allowed, found = describe(text)) => {
      throw new CliProblem(exitCodes.badInput, `${option.long ?? flags} must be ${allowed}: found ${found}`);
    };
    return read(text, refuse, before);
  });
}

export function numberIn(range: Range): Reading<number> {
  return (text, refuse) => {
    const value = text.trim() === '' ? NaN : Number(text);
    return isIn(range, value) ? value : refuse(range.text);
  };
}

/** `10%` as a share of 1. */
export function shareIn(range: Range): Reading<number> {
  return (text, refuse) => {
    const share = parsePercent(text);
    return share !== null && isIn(range, share) ? share : refuse(range.text);
  };
}

/** `1h30m` in milliseconds. */
export function durationIn(range: Range): Reading<number> {
  return (text, refuse) => {
    const ms = parseDuration(text);
    return ms !== null && isIn(range, ms) ? ms : refuse(range.text);
  };
}

export function textLike({ pattern, text: allowed }: Format): Reading<string> {
  return (text, refuse) => (pattern.test(text) ? text : refuse(allowed));
}
