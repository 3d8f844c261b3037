/** Which fields there are, read off the JSON Schema, so that messages and docs cannot disagree with it. */
import { type JsonSchema, rolloutJsonSchema } from './json-schema.ts';
import { childOf, type FilePath } from './paths.ts';

const root = rolloutJsonSchema();

/** Fields allowed in the map at `path`; of alternatives, those that fit what `data` says there. */
export function fieldNamesAt(path: FilePath, data: unknown): string[] {
  const properties = schemasAt(path, data).map((it) => it.properties ?? {});
  return [...new Set(properties.flatMap((it) => Object.keys(it)))];
}

/** What the field at `path` may be: one schema, or several alternatives. */
export function schemasAt(path: FilePath, data: unknown): JsonSchema[] {
  let schemas = fitting(root, data);
  let value = data;
  for (const step of path) {
    value = childOf(value, step);
    schemas = schemas.flatMap((it) => below(it, step)).flatMap((it) => fitting(it, value));
  }
  return schemas;
}

function below(schema: JsonSchema, step: string | number): JsonSchema[] {
  const next = typeof step === 'number' ? schema.items : schema.properties?.[step];
  return next === undefined ? [] : [next];
}

/** The alternatives that `value` has not ruled out: a guard of error-rate has no maxRatio. */
function fitting(schema: JsonSchema, value: unknown): JsonSchema[] {
  const alternatives = (schema.oneOf ?? schema.anyOf ?? [schema]).flatMap((it) =>
    it === schema ? [it] : fitting(it, value),
  );
  const fits = alternatives.filter((it) => constantsFit(it, value));
  return fits.length > 0 ? fits : alternatives;
}

function constantsFit(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  // What may be left out does not tell alternatives apart: their `metric` does, a wrong `evidence` does not.
  const telling = Object.entries(schema.properties ?? {}).filter(([key]) => schema.required?.includes(key));
  return telling.every(([key, it]) => {
    const found = (value as Record<string, unknown>)[key];
    if (it.const !== undefined) return found === it.const;
    return it.enum === undefined || found === undefined || it.enum.includes(found);
  });
}

/** One field of the file, for docs and suggestions. */
export interface FieldInfo {
  /** `spec.phases[].weight`. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** Every field, parents before their children; what alternatives share comes once an alternative. */
export function allFields(schema = root, path = ''): FieldInfo[] {
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives !== undefined) return alternatives.flatMap((it) => allFields(it, path));
  if (schema.items !== undefined) return allFields(schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([key, it]) => {
    const own = path === '' ? key : `${path}.${key}`;
    const required = (schema.required ?? []).includes(key);
    return [{ path: own, schema: it, required }, ...allFields(it, own)];
  });
}
