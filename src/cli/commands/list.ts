import { Command, InvalidArgumentError } from 'commander';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clusterOption, namespaceOption, outputOption, type OutputFlag } from '../flags.ts';
import { listTable } from '../render/list-table.ts';
import { paintFor } from '../render/paint.ts';

interface ListFlags extends OutputFlag {
  readonly namespace?: string;
  readonly cluster?: string;
  readonly running?: true;
  readonly limit: number;
}

const examples = `
Examples:
  sluice list
  sluice list --running -n llm`;

export function listCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return new Command('list')
    .description('List rollouts, running and ended, the newest first')
    .addOption(namespaceOption('only of this Kubernetes namespace'))
    .addOption(clusterOption('only of this cluster'))
    .option('--running', 'only those that run')
    .option('--limit <n>', 'the newest so many', wholeNumber, 20)
    .addOption(outputOption())
    .addHelpText('after', examples)
    .action(async ({ namespace, cluster, running, limit, output }: ListFlags) => {
      const filter = {
        ...(namespace === undefined ? {} : { namespace }),
        ...(cluster === undefined ? {} : { cluster }),
        runningOnly: running ?? false,
        limit,
      };
      const rollouts = await withRollouts(cli, (open) => open.list(filter));
      const { out, colour } = cli.terminal;
      out(
        output === 'json' ? `${JSON.stringify(rollouts, null, 2)}\n` : listTable(rollouts, paintFor(colour)),
      );
      finish(exitCodes.ok);
    });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1000)
    throw new InvalidArgumentError('It must be a whole number, 1 to 1000.');
  return number;
}
