/** What the schema refuses, in words. */
import type { z } from 'zod';
import { fieldNamesAt, schemasAt } from './fields.ts';
import { describeAt } from './found.ts';
import { type FilePath, valueAt } from './paths.ts';
import type { Place, Source } from './source.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

export interface ShapeProblem {
  readonly place: Place;
  readonly path: FilePath;
  readonly found: string;
  readonly allowed: string;
  readonly hint: string | null;
}

export function explainIssue(issue: Issue, source: Source): ShapeProblem[] {
  const path = issue.path as FilePath;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(path, key, source));
  const found = describeAt(path, source);
  const allowed = allowedBy(issue, source);
  return [{ place: source.placeOf(path), path, found, allowed, hint: hintFor(issue, source) }];
}

function unknownField(parent: FilePath, key: string, source: Source): ShapeProblem {
  const names = fieldNamesAt(parent, source.data);
  const meant = suggest(key, names);
  const path = [...parent, key];
  return {
    place: source.placeOfName(path),
    path,
    found: 'an unknown field',
    allowed: names.join(', '),
    hint: meant === null ? null : `did you mean ${meant}?`,
  };
}

function allowedBy(issue: Issue, source: Source): string {
  if (issue.code === 'invalid_type') return ofType(issue, source);
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  if (issue.code === 'invalid_union' && 'options' in issue) return issue.options.map(String).join(' or ');
  return issue.message;
}

function ofType({ expected, message, path }: z.core.$ZodIssueInvalidType, source: Source): string {
  if (expected === 'object') {
    return `a map of ${fieldNamesAt(path as FilePath, source.data).join(', ')}`;
  }
  if (expected === 'array') return 'a list';
  return expected === 'boolean' ? 'true or false' : message;
}

/** YAML decides by its own rules what is a number: `version: 1.10` is one, and means 1.1. */
function hintFor(issue: Issue, source: Source): string | null {
  if (issue.code !== 'invalid_type') return null;
  const path = issue.path as FilePath;
  const value = valueAt(source.data, path);
  if (path.at(-1) === 'apiKey') return 'the key itself belongs into a Secret of the target’s namespace';
  if (issue.expected === 'number' && typeof value === 'string') {
    return value.trim() !== '' && Number.isFinite(Number(value)) ? 'write it without quotes' : null;
  }
  const written = source.writtenAt(path);
  if (issue.expected !== 'string' || written === null || value === null) return null;
  const patterns = schemasAt(path, source.data).flatMap((it) => it.pattern ?? []);
  return patterns.some((it) => new RegExp(it).test(written)) ? 'write it in quotes' : null;
}

/** Of alternatives, what the one objects to whose type fits: `replicas[1]` rather than `neither this nor that`. */
export function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const inner = issue.errors.find((all) => all.length > 0 && all.every((it) => it.path.length > 0));
  if (inner === undefined) return [issue];
  return inner.flatMap((it) => flatten({ ...it, path: [...issue.path, ...it.path] }));
}
