import { z } from 'zod';
import { rolloutFile } from './schema.ts';

/** The part of JSON Schema that the rollout file's schema uses. */
export interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** JSON Schema of the file as people write it. Draft 7: the newest that the YAML language server knows well. */
export function rolloutJsonSchema(): JsonSchema {
  return sorted(z.toJSONSchema(rolloutFile, { io: 'input', target: 'draft-07' })) as JsonSchema;
}

/** Keys in order, so that the file changes only when the schema does. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, it]) => [key, sorted(it)]));
}
