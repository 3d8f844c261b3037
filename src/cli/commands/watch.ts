import { Command } from 'commander';
import { type CliContext, withRollouts } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { addNameArgument, nameOf, outputOption, type OutputFlag, type PlaceFlags } from '../flags.ts';
import { watchRun } from '../watch/watch-run.ts';

const examples = `
Examples:
  sluice watch vllm -n llm
  sluice watch vllm -n llm --output json | jq .

Ctrl-C ends watching; the rollout goes on. Exits as the rollout ends.`;

export function watchCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return addNameArgument(new Command('watch'))
    .description('Show a rollout until it ends; the exit code says how')
    .addOption(outputOption('lines for people, or one JSON object a line'))
    .addHelpText('after', examples)
    .action(async (name: string, flags: PlaceFlags & OutputFlag) => {
      await withRollouts(cli, async (rollouts) => {
        const run = await rollouts.find(nameOf(name, flags));
        finish(await watchRun(cli, rollouts, run, flags));
      });
    });
}
