/** How messages show what they found. */
import type { Plan } from '../domain/plan/plan.ts';
import type { PlanPath } from '../domain/plan/rules.ts';
import { looksLikeSecret } from '../domain/plan/rules/secrets.ts';
import { formatDuration } from './duration.ts';
import { type FilePath, valueAt } from './paths.ts';
import type { Source } from './source.ts';

const longestQuote = 80;

/** What stands at `path` of a file. */
export function describeAt(path: FilePath, source: Pick<Source, 'data' | 'writtenAt'>): string {
  const value = valueAt(source.data, path);
  // Whoever takes this for the place of the key itself must not find it in the log of CI.
  const isShown = typeof value === 'object' || value === undefined || !path.includes('apiKey');
  return isShown ? describe(value, source.writtenAt(path)) : 'what may be a secret';
}

/** `written`: how a number or truth value stands in the file, when that is known. */
export function describe(value: unknown, written: string | null = null): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string' && looksLikeSecret(value)) return 'what may be a secret';
  if (typeof value === 'string') return JSON.stringify(shorten(withoutSecrets(value)));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  return written ?? JSON.stringify(value);
}

/** Of a field that the file leaves out: what the plan has instead, in the file's units. */
export function describeDefault(plan: Plan, path: PlanPath): string {
  const value = valueAt(plan, path);
  return `${inUnits(path.at(-1), value)}, the default`;
}

function inUnits(key: string | number | undefined, value: unknown): string {
  if (typeof value !== 'number') return describe(value);
  return String(key).endsWith('Ms') ? formatDuration(value) : describe(value);
}

/** Addresses may hold passwords and tokens, and messages end up in the logs of CI: scheme and host are enough. */
function withoutSecrets(text: string): string {
  return text.replace(/^([^\s:/]+:\/\/)([^/?#]*@)?([^/?#@]*)(.*)$/s, (_all, scheme, user, host, rest) =>
    [scheme, user === undefined ? '' : '…@', host, rest === '' ? '' : '/…'].join(''),
  );
}

function shorten(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}
