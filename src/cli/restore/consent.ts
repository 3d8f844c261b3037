import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import type { Terminal } from '../terminal.ts';

export interface ConsentFlags {
  readonly yes?: true;
  /** Also where traffic would end; stands for `yes` too. */
  readonly force?: true;
  readonly dryRun?: true;
}

/**
 * Before anything is asked of the cluster: somebody must be able to say yes.
 * @throws CliProblem
 */
export function requireSomebody({ ask }: Terminal, flags: ConsentFlags): void {
  if (ask !== null || flags.yes === true || flags.force === true || flags.dryRun === true) return;
  throw new CliProblem(
    exitCodes.badInput,
    'Nobody can be asked: this is no terminal; nothing was changed',
    'Give --yes to go on without being asked, or --dry-run to see what would be done.',
  );
}

/**
 * Asks the person in front of the terminal, unless a flag says yes already.
 * @param dangerous requests would get no answer for a while: `--yes` is not enough then.
 * @returns whether a person was asked.
 * @throws CliProblem when the answer is no.
 */
export async function consent(
  { ask }: Terminal,
  flags: ConsentFlags,
  { dangerous }: { readonly dangerous: boolean },
): Promise<boolean> {
  if (flags.force === true || (flags.yes === true && !dangerous)) return false;
  if (flags.yes === true || ask === null) {
    throw new CliProblem(
      exitCodes.badInput,
      'Stable has no ready pod; --yes does not cover that; nothing was changed',
      'Bring a pod of stable up first, or give --force: no answer may be better than a bad one.',
    );
  }
  const question = dangerous ? 'Lead all traffic there all the same? Type yes: ' : 'Go on? [y/N] ';
  const answer = (await ask(question)).trim().toLowerCase();
  if (answer === 'yes' || (answer === 'y' && !dangerous)) return true;
  throw new CliProblem(exitCodes.badInput, 'Not confirmed; nothing was changed');
}
