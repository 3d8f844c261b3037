import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { updateCommand } from './orders.ts';

export function holdCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return updateCommand(cli, finish, {
    verb: 'hold',
    description: 'Stay at the present weight until resumed; guards stay on',
    examples: '  sluice hold vllm -n llm --reason "incident elsewhere"',
    orderOf: ({ by, reason }) => ({ verb: 'hold', by, reason }),
  });
}
