import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { KeepsSchema } from '../domain/judge/checkers.ts';
import type { PromptProblem } from '../domain/judge/prompt-problem.ts';
import type { Prompt } from '../domain/judge/prompts.ts';
import type { JsonSchema } from '../domain/judge/read-checker.ts';

const draft07 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;

/** Compiles the schemas of checkers, once each. `format` says what a text is meant for, and checks nothing. */
export class JsonSchemas {
  // Not strict: what a schema says too much or too loosely is its author's matter; what is wrong still throws.
  readonly #options = { strict: false, validateFormats: false, logger: false } as const;
  readonly #compiled = new Map<JsonSchema, ValidateFunction>();

  /** What is wrong with the schemas of these prompts: then none of their answers could ever be right. */
  problemsOf(prompts: readonly Prompt[]): readonly PromptProblem[] {
    return prompts.flatMap(({ line, checker }) => {
      if (checker?.kind !== 'jsonSchema') return [];
      try {
        this.#compile(checker.schema);
        return [];
      } catch (error) {
        const allowed = 'a JSON Schema, draft 2020-12 or draft-07';
        return [{ line, field: 'checker.schema', found: (error as Error).message, allowed }];
      }
    });
  }

  readonly keeps: KeepsSchema = (schema, document) => this.#compile(schema)(document);

  /** @throws Error that names what is wrong with it */
  #compile(schema: JsonSchema): ValidateFunction {
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    const draft = typeof schema === 'object' ? schema['$schema'] : undefined;
    // A compiler for each: two schemas of a set may have the same `$id`.
    const compiler =
      typeof draft === 'string' && draft07.test(draft) ? new Ajv(this.#options) : new Ajv2020(this.#options);
    const compiled = compiler.compile(schema);
    this.#compiled.set(schema, compiled);
    return compiled;
  }
}
