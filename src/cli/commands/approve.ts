import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { updateCommand } from './orders.ts';

export function approveCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return updateCommand(cli, finish, {
    verb: 'approve',
    description: 'Let a phase begin that waits for a person',
    examples: '  sluice approve vllm -n llm --reason "checked the answers by hand"',
    orderOf: ({ by, reason }) => ({ verb: 'approve', by, reason }),
  });
}
