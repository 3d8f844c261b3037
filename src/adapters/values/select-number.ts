import { JSONPathEnvironment, JSONPathError, type JSONValue } from 'json-p3';
import { measuredValue, type ToldValue } from '../../domain/analysis/measurement.ts';
import { slowJsonPathFunctions } from '../../domain/plan/rules/values.ts';

const environment = new JSONPathEnvironment();
for (const name of slowJsonPathFunctions) environment.functionRegister.delete(name);

/** The one number that a path (RFC 9535) selects. Nothing, or null, is no data yet; anything else is an error. */
export function selectNumber(path: string, document: JSONValue): ToldValue {
  const found: unknown[] = [];
  try {
    for (const { value } of environment.compile(path).lazyQuery(document)) {
      if (found.length === 1) return { failed: `${path} selects several values: exactly one is needed` };
      found.push(value);
    }
  } catch (error) {
    // Beside its own errors there is the stack's end: whoever answers may nest deeper than two values can be compared.
    const why = error instanceof JSONPathError ? error.message : 'not on such an answer';
    return { failed: `${path} cannot be used: ${why}` };
  }
  const [value] = found;
  if (found.length === 0) return { missing: `${path} selects nothing` };
  if (value === null) return { missing: `${path} selects null` };
  if (typeof value !== 'number') return { failed: `${path} selects ${kindOf(value)}, a number is needed` };
  return measuredValue(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'a truth value' : 'a map';
}
