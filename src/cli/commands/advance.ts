import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { updateCommand, type UpdateFlags } from './orders.ts';

export function advanceCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return updateCommand<UpdateFlags & { readonly full?: true }>(cli, finish, {
    verb: 'advance',
    description: 'End the present bake or hold now; guards stay on',
    examples:
      '  sluice advance vllm -n llm --reason "quiet night, enough seen"\n' +
      '  sluice advance vllm -n llm --full --reason "the old version is the worse one"',
    extend: (command) => command.option('--full', 'to 100 % at once, past the bakes and gates between'),
    orderOf: ({ by, reason, full }) => ({ verb: 'advance', by, reason, full: full ?? false }),
  });
}
