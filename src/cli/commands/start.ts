import { Command } from 'commander';
import type { Plan } from '../../domain/plan/plan.ts';
import { renderProblem } from '../../plan-file/problem.ts';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import {
  addOrderFlags,
  clusterOption,
  namespaceOption,
  outputOption,
  type OrderFlags,
  type OutputFlag,
} from '../flags.ts';
import { type ExpectedPlace, mustBeIn, readPlan } from '../plan.ts';
import { CliProblem } from '../problem.ts';
import { paintFor } from '../render/paint.ts';
import { takenText } from '../render/taken.ts';
import { nameText, placeFlags } from '../rollouts/name.ts';
import type { Run, StartAnswer } from '../rollouts/rollouts.ts';
import { watchRun } from '../watch/watch-run.ts';

type StartFlags = ExpectedPlace & OrderFlags & OutputFlag & { readonly watch?: true };

const examples = `
Examples:
  sluice start rollout.yaml --watch
  sluice start rollout.yaml --reason "release 2.3.1" --output json

Started twice with the same file, it joins the rollout that runs; with another, it refuses.
With --watch it exits as the rollout ends. Ctrl-C, or killing it, ends only watching.`;

export function startCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  const command = new Command('start')
    .argument('<file>', 'rollout file (YAML)')
    .description('Start the rollout that a file describes')
    .option('--watch', 'show it until it ends; the exit code says how')
    .addOption(namespaceOption('refuse a file that is for another Kubernetes namespace'))
    .addOption(clusterOption('refuse a file that is for another cluster'));
  return addOrderFlags(command, cli.env)
    .addOption(outputOption('lines for people, or one JSON object a line'))
    .addHelpText('after', examples)
    .action(async (file: string, flags: StartFlags) => {
      const plan = await planOf(cli, file, flags);
      await withRollouts(cli, async (rollouts) => {
        const answer = await rollouts.start({ plan, startedBy: flags.by, reason: flags.reason });
        if (answer.kind === 'taken') throw taken(cli, answer);
        tell(cli, answer, plan, flags);
        if (answer.kind === 'started' && answer.advice !== null) cli.terminal.err(`${answer.advice}\n`);
        finish(flags.watch ? await watchRun(cli, rollouts, answer.run, flags) : exitCodes.ok);
      });
    });
}

async function planOf({ terminal }: CliContext, file: string, flags: StartFlags): Promise<Plan> {
  const paint = paintFor(terminal.colour);
  const reading = await readPlan(file);
  if (reading.kind === 'refused') {
    const lines = reading.problems.map((problem) => `  ${renderProblem(problem)}`).join('\n');
    throw new CliProblem(
      exitCodes.badInput,
      `Cannot start what ${file} describes; nothing was changed:\n${lines}`,
    );
  }
  for (const warning of reading.warnings)
    terminal.err(`${paint.warn('warning')} ${renderProblem(warning)}\n`);
  mustBeIn(reading.plan, file, flags);
  return reading.plan;
}

function tell(
  { terminal }: CliContext,
  answer: { kind: string; run: Run },
  plan: Plan,
  flags: StartFlags,
): void {
  const { rollout, runId } = answer.run;
  const { version } = plan.release;
  if (flags.output === 'json') {
    terminal.out(`${JSON.stringify({ type: answer.kind, ...rollout, runId, version })}\n`);
    return;
  }
  const what = answer.kind === 'started' ? 'Started' : 'This very rollout runs already; joined';
  const where = `${rollout.name}${placeFlags(rollout)}`;
  const advice = flags.watch
    ? ''
    : `  watch:     sluice watch ${where}\n  roll back: sluice abort ${where}\n`;
  terminal.out(`${what}: ${nameText(rollout)} to ${version}\n${advice}`);
}

function taken({ now }: CliContext, { by }: StartAnswer & { kind: 'taken' }): CliProblem {
  const where = `${by.run.rollout.name}${placeFlags(by.run.rollout)}`;
  return new CliProblem(
    exitCodes.badInput,
    takenText(by, now()),
    `Wait for it (sluice watch ${where}) or roll it back (sluice abort ${where}), then start again.`,
  );
}
