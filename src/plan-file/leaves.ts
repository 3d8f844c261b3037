/** Single fields of the file: type, unit, and how to write it. What is refused says what is allowed. */
import { z } from 'zod';
import type { Format, Range } from '../domain/plan/rules/values.ts';
import { durationPattern, parseDuration } from './duration.ts';
import { whyNoJsonPath } from './json-path.ts';
import { parsePercent, parseSignedPercent, percentPattern, signedPercentPattern } from './percent.ts';

/** Text, with the pattern for editors. */
export function text(format: Format, description: string) {
  return z.string({ error: format.text }).meta({ description, pattern: format.pattern.source });
}

/** `5xx`, `429`: YAML takes the second for a number. */
export function status(format: Format, description: string) {
  const number = z.int().transform(String).meta({ minimum: 400, maximum: 599 });
  return z.union([text(format, description), number], { error: format.text });
}

/** `250m`, `256Mi`; YAML takes `1` and `0.5` for numbers. */
export function quantity(format: Format, description: string) {
  return z.union([text(format, description), z.number().transform(String)], { error: format.text });
}

export function url(allowed: string, description: string) {
  return z.string({ error: allowed }).meta({ description, format: 'uri', pattern: '^https?://' });
}

/** JSONPath. What it selects shows when somebody answers; that it is one can be said before. */
export function jsonPath(format: Format, description: string) {
  return text(format, description).superRefine((path, context) => {
    const why = format.pattern.test(path) ? whyNoJsonPath(path) : null;
    if (why !== null)
      context.addIssue({ code: 'custom', message: `${format.text} (${why})`, params: { standIn: '$' } });
  });
}

export function number(range: Range, description: string) {
  const type = range.step === 1 ? 'integer' : 'number';
  // No `multipleOf` for 0.1: many checkers get it wrong in binary.
  return z.number({ error: range.text }).meta({ description, type, minimum: range.min, maximum: range.max });
}

/** '30m', '1h30m', '90s', '500ms'. A number alone is refused: Kubernetes means seconds, Temporal milliseconds. */
export function duration(range: Range, description: string) {
  return z
    .string({ error: range.text })
    .meta({ description, pattern: durationPattern.source })
    .transform(unit(parseDuration, range.text, '1s'));
}

/** '0.1%' or '0.1 %'. The sign is a must, since 0.1 could be a tenth of a percent or of everything. */
export function share(range: Range, description: string) {
  return z
    .string({ error: range.text })
    .meta({ description, pattern: percentPattern.source })
    .transform(unit(parsePercent, range.text, '1%'));
}

/** '-2%': a difference of shares. */
export function shareDifference(range: Range, description: string) {
  return z
    .string({ error: range.text })
    .meta({ description, pattern: signedPercentPattern.source })
    .transform(unit(parseSignedPercent, range.text, '1%'));
}

/** `standIn`: what repair.ts puts in the place of what is refused. */
function unit(parse: (text: string) => number | null, allowed: string, standIn: string) {
  return (input: string, context: z.RefinementCtx): number => {
    const value = parse(input);
    if (value !== null) return value;
    context.issues.push({ code: 'custom', message: allowed, input, params: { standIn } });
    return z.NEVER;
  };
}

export function choice<const T extends string>(values: readonly T[], description: string) {
  return z.enum(values).meta({ description });
}
