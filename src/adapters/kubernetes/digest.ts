import { createHash } from 'node:crypto';

/** A short name for a JSON value: the same whatever the order in which the API server wrote the fields. */
export function digest(value: unknown): string {
  const text = JSON.stringify(value, sortedKeys);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** For JSON.stringify. */
function sortedKeys(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
