/** Writes the JSON Schemas of this folder: `dev/run.sh node schema/generate.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import * as z from 'zod';
import { Answer } from '../src/adapters/kubernetes/judge/answer-schema.ts';
import { rolloutJsonSchema } from '../src/plan-file/json-schema.ts';

/** A file of this folder, and the whole text of it. */
export interface SchemaFile {
  readonly file: string;
  readonly text: () => Promise<string>;
}

/** Rollout files; editors use it. */
export const rolloutSchema = schemaFile('rollout.schema.json', rolloutJsonSchema);

/** What a judge's Job says in the end; for whoever writes another judge. */
export const judgeAnswerSchema = schemaFile('judge-answer.schema.json', () => ({
  ...z.toJSONSchema(Answer, { io: 'input' }),
  title: "The answer of a judge's Job",
  description: 'JSON of at most 4096 bytes, in the termination message. docs/judging.md tells what it means.',
}));

function schemaFile(name: string, schema: () => object): SchemaFile {
  return {
    file: fileURLToPath(new URL(name, import.meta.url)),
    text: () => format(JSON.stringify(schema()), { parser: 'json', printWidth: 110 }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, text } of [rolloutSchema, judgeAnswerSchema]) await writeFile(file, await text());
}
