import { createHash } from 'node:crypto';
import type { Command } from '../../workflows/messages.ts';
import type { Request } from './address.ts';

/** Who gives the orders of alerts, for the record. */
export const alertmanager = 'alertmanager';

/** A reason stands in histories, logs and reports. */
const longestReason = 300;

/**
 * What to tell the rollout: the first alert with its summary, and the names of the others, in at most 300 characters.
 * No other label or annotation goes into histories (S12).
 */
export function commandOf(requests: readonly Request[]): Command {
  const [first, ...others] = requests;
  const summary = first?.alert.annotations['summary'] ?? '';
  const flaws = requests.flatMap(({ flaw }) => flaw ?? []).slice(0, 1);
  const names = [...new Set(others.map(({ name }) => name))].filter((name) => name !== first?.name);
  const parts = [
    [first?.name ?? 'an alert', ...(summary === '' ? [] : [summary])].join(': '),
    ...(names.length === 0 ? [] : [`also ${names.join(', ')}`]),
    ...flaws,
  ];
  return { by: alertmanager, reason: shorten(withoutPasswords(oneLine(parts.join('; ')))) };
}

/**
 * The same for the same alerts that began at the same times, in whatever order they come: by this Temporal knows a
 * repeat, also when two workers get it at once.
 */
export function orderIdOf(requests: readonly Request[]): string {
  const alerts = requests.map(({ alert }) => `${alert.fingerprint}@${alert.startsAt}`).sort();
  return `${alertmanager}/${createHash('sha256').update(alerts.join('\n')).digest('hex').slice(0, 32)}`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** As in `https://user:password@host`. */
function withoutPasswords(text: string): string {
  return text.replace(/\/\/[^/\s@]+@/g, '//…@');
}

function shorten(text: string): string {
  return text.length <= longestReason ? text : `${text.slice(0, longestReason - 1)}…`;
}
