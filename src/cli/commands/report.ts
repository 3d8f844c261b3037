import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { stretchesOf } from '../../domain/series/stretches.ts';
import type { SeriesReading } from '../../domain/series/series.ts';
import type { RolloutState } from '../../domain/rollout/state.ts';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { addNameArgument, nameOf, runOption, type PlaceFlags, type RunFlag } from '../flags.ts';
import { CliProblem } from '../problem.ts';
import { reportMarkdown } from '../report/markdown.ts';
import type { Report } from '../report/report.ts';
import { nameText } from '../rollouts/name.ts';
import type { RolloutName, Rollouts, Run } from '../rollouts/rollouts.ts';
import { temporalUi } from '../rollouts/ui-url.ts';

interface ReportFlags extends PlaceFlags, RunFlag {
  readonly output: 'html' | 'markdown' | 'json';
  readonly out?: string;
}

const examples = `
Examples:
  sluice report vllm -n llm --out report.html
  sluice report vllm -n llm --output markdown >> "$GITHUB_STEP_SUMMARY"

Of a rollout that runs it tells what there is so far. The page is one file that needs nothing else.`;

export function reportCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return addNameArgument(new Command('report'))
    .description('Tell how a rollout went: weights, metrics of both arms, evidence, who did what')
    .addOption(
      new Option('--output <kind>', 'what it is').choices(['html', 'markdown', 'json']).default('html'),
    )
    .option('--out <file>', 'where to write it; without it, to stdout')
    .addOption(runOption())
    .addHelpText('after', examples)
    .action(async (name: string, flags: ReportFlags) => {
      const report = await readReport(cli, nameOf(name, flags), flags);
      await write(cli, await rendered(report, flags.output), flags.out);
      finish(exitCodes.ok);
    });
}

async function readReport(cli: CliContext, rollout: RolloutName, flags: RunFlag): Promise<Report> {
  const ui = temporalUi(cli.env);
  return withRollouts(cli, async (rollouts) => {
    const run: Run = flags.run === undefined ? await rollouts.find(rollout) : { rollout, runId: flags.run };
    const sight = await rollouts.look(run);
    const state = 'state' in sight ? sight.state : null;
    if (state === null) throw noState(rollout);
    const madeAtMs = cli.now();
    const series = await readSeries(rollouts, state, madeAtMs);
    const cutOff = sight.kind === 'cutOff' ? sight.how : null;
    return { rollout, state, cutOff, series, madeAtMs, url: rollouts.urlOf(run, ui) };
  });
}

/** A report without plots is better than none. */
async function readSeries(rollouts: Rollouts, state: RolloutState, nowMs: number): Promise<SeriesReading> {
  const stretches = stretchesOf(state, nowMs);
  if (stretches.length === 0) return { kind: 'series', series: [] };
  try {
    return await rollouts.readSeries({ plan: state.plan, stretches });
  } catch (error) {
    if (error instanceof CliProblem) return { kind: 'unknown', why: error.message };
    throw error;
  }
}

/** Loaded when it is asked for: it brings a library for plots. */
async function rendered(report: Report, output: ReportFlags['output']): Promise<string> {
  if (output === 'json') return `${JSON.stringify(report, null, 2)}\n`;
  if (output === 'markdown') return reportMarkdown(report);
  return (await import('../report/page.ts')).reportPage(report);
}

async function write({ terminal }: CliContext, text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    terminal.out(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new CliProblem(
      exitCodes.badInput,
      `--out must be a file that can be written: ${message}`,
      '',
      error,
    );
  }
  terminal.err(`Written: ${file}\n`);
}

function noState(rollout: RolloutName): CliProblem {
  return new CliProblem(
    exitCodes.unexpected,
    `No worker tells the state of ${nameText(rollout)}`,
    'A report needs a worker: it reads the history and the metrics.',
  );
}
