import { JSONPathEnvironment, JSONPathError } from 'json-p3';
import { slowJsonPathFunctions } from '../domain/plan/rules/values.ts';

const environment = new JSONPathEnvironment();
for (const name of slowJsonPathFunctions) environment.functionRegister.delete(name);

/** null when a worker can use it. */
export function whyNoJsonPath(path: string): string | null {
  try {
    environment.compile(path);
    return null;
  } catch (error) {
    if (error instanceof JSONPathError) return error.message;
    throw error;
  }
}
