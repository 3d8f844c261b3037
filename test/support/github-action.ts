import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';

export const repository = path.resolve(import.meta.dirname, '../..');

/** A composite action, as far as action.yml uses the format. */
export interface GithubAction {
  readonly inputs: Readonly<Record<string, { description: string; default?: string; required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly GithubStep[] };
}

export interface GithubStep {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

export async function readAction(): Promise<GithubAction> {
  return parse(await readFile(path.join(repository, 'action.yml'), 'utf8')) as GithubAction;
}

export type Outputs = Readonly<Record<string, string>>;

/** What expressions can name. */
export interface Contexts {
  readonly inputs: Outputs;
  readonly steps: Readonly<Record<string, Outputs>>;
}

/**
 * A text with its expressions replaced, as GitHub does before a step begins.
 * @throws on any expression but the two that action.yml needs: what these tests cannot judge must not slip through.
 */
export function evaluated(text: string, { inputs, steps }: Contexts): string {
  return text.replaceAll(/\$\{\{ *([^}]*?) *\}\}/g, (whole, expression: string) => {
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
    if (input !== undefined) {
      const value = inputs[input];
      if (value === undefined) throw new Error(`${whole}: the action has no input ${input}`);
      return value;
    }
    const [, step, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
    if (step === undefined || output === undefined)
      throw new Error(`${whole}: not an expression of action.yml`);
    return steps[step]?.[output] ?? '';
  });
}

/** Whether a step runs, by its `if`. @throws on any other condition than those of action.yml. */
export function isDue(
  step: GithubStep,
  { inputs, failed, cancelled }: { inputs: Outputs; failed: boolean; cancelled: boolean },
): boolean {
  switch (step.if) {
    case undefined:
      return !failed && !cancelled;
    case 'always()':
      return true;
    case "cancelled() && inputs.abort-on-cancel == 'true'":
      return cancelled && inputs['abort-on-cancel'] === 'true';
    default:
      throw new Error(`${step.name}: not a condition of action.yml: ${step.if}`);
  }
}
