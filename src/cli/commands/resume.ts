import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { updateCommand } from './orders.ts';

export function resumeCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return updateCommand(cli, finish, {
    verb: 'resume',
    description: 'Go on after a hold',
    examples: '  sluice resume vllm -n llm --reason "incident over"',
    orderOf: ({ by, reason }) => ({ verb: 'resume', by, reason }),
  });
}
