/** Writes rollout.schema.json, which editors use: `dev/run.sh node schema/generate.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { rolloutJsonSchema } from '../src/plan-file/json-schema.ts';

export const schemaFile = fileURLToPath(new URL('rollout.schema.json', import.meta.url));

/** The whole text of the file. */
export function schemaText(): Promise<string> {
  return format(JSON.stringify(rolloutJsonSchema()), { parser: 'json', printWidth: 110 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(schemaFile, await schemaText());
}
