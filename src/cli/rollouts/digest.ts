import { createHash } from 'node:crypto';
import type { Plan } from '../../domain/plan/plan.ts';

/** SHA-256 of the plan's content, whatever the order of its fields: two equal plans have one digest. */
export function planDigest(plan: Plan): string {
  return createHash('sha256').update(JSON.stringify(plan, sortedFields)).digest('hex');
}

function sortedFields(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
