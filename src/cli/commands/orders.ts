import { Command } from 'commander';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import {
  addNameArgument,
  addOrderFlags,
  nameOf,
  outputOption,
  type OrderFlags,
  type OutputFlag,
  type PlaceFlags,
} from '../flags.ts';
import { nameText } from '../rollouts/name.ts';
import type { Order } from '../rollouts/rollouts.ts';

/** The flags of every command that a worker accepts or refuses. */
export type UpdateFlags = PlaceFlags & OrderFlags & OutputFlag;

export interface UpdateVerb<Flags extends UpdateFlags> {
  readonly verb: Order['verb'];
  readonly description: string;
  readonly examples: string;
  /** Flags of this verb alone. */
  readonly extend?: (command: Command) => Command;
  readonly orderOf: (flags: Flags) => Order;
}

/** A command that sends an update and prints what it did. */
export function updateCommand<Flags extends UpdateFlags>(
  cli: CliContext,
  finish: (code: ExitCode) => void,
  { verb, description, examples, extend = (it) => it, orderOf }: UpdateVerb<Flags>,
): Command {
  const command = extend(addNameArgument(new Command(verb)).description(description));
  return addOrderFlags(command, cli.env)
    .addOption(outputOption())
    .addHelpText('after', `\nExamples:\n${examples}`)
    .action(async (name: string, flags: Flags) => {
      const rollout = nameOf(name, flags);
      const done = await withRollouts(cli, (rollouts) => rollouts.send(rollout, orderOf(flags)));
      const json = JSON.stringify({ type: verb, ...rollout, done });
      cli.terminal.out(flags.output === 'json' ? `${json}\n` : `${nameText(rollout)}: ${done}\n`);
      finish(exitCodes.ok);
    });
}
