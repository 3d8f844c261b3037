import { Command } from 'commander';
import { type CliContext, withRollouts } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import {
  addNameArgument,
  nameOf,
  outputOption,
  runOption,
  summaryOption,
  watchLimitOption,
  type OutputFlag,
  type PlaceFlags,
  type RunFlag,
  type SummaryFlag,
  type WatchLimitFlag,
} from '../flags.ts';
import { temporalUi } from '../rollouts/ui-url.ts';
import { SummaryRecorder } from '../summary/recorder.ts';
import { watchRun } from '../watch/watch-run.ts';

type WatchFlags = PlaceFlags & RunFlag & SummaryFlag & WatchLimitFlag & OutputFlag;

const examples = `
Examples:
  sluice watch vllm -n llm
  sluice watch vllm -n llm --output json | jq .

Ctrl-C ends watching; the rollout goes on. Exits as the rollout ends.`;

export function watchCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return addNameArgument(new Command('watch'))
    .description('Show a rollout until it ends; the exit code says how')
    .addOption(runOption())
    .addOption(watchLimitOption())
    .addOption(summaryOption())
    .addOption(outputOption('lines for people, or one JSON object a line'))
    .addHelpText('after', examples)
    .action(async (name: string, flags: WatchFlags) => {
      const rollout = nameOf(name, flags);
      const ui = temporalUi(cli.env);
      const summary = new SummaryRecorder(flags.summary, cli, {
        standing: 'unknown',
        sentence: 'Temporal has not been heard yet',
        rollout,
      });
      await summary.during(() =>
        withRollouts(cli, async (rollouts) => {
          const run = flags.run === undefined ? await rollouts.find(rollout) : { rollout, runId: flags.run };
          summary.note({ runId: run.runId, url: rollouts.urlOf(run, ui) });
          const interruption = cli.terminal.interruption();
          const listener = summary.reporter();
          finish(await watchRun(cli, rollouts, run, { ...flags, interruption, listener }));
        }),
      );
    });
}
