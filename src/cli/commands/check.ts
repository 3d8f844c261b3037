import { Command } from 'commander';
import type { Plan } from '../../domain/plan/plan.ts';
import { prospectsOf, type Prospects } from '../../domain/prospects/prospects.ts';
import { shortcomingsOf, unjudgedOf } from '../../domain/prospects/shortcomings.ts';
import { span } from '../../domain/rollout/span.ts';
import { renderProblem } from '../../plan-file/problem.ts';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clusterOption, namespaceOption, outputOption, type OutputFlag } from '../flags.ts';
import { type ExpectedPlace, mustBeIn, readPlan } from '../plan.ts';
import { CliProblem } from '../problem.ts';
import { paintFor } from '../render/paint.ts';
import { planPage } from '../render/plan-page.ts';
import { prospectsPage } from '../render/prospects-page.ts';
import { showRefusal } from '../render/refusal.ts';

type CheckFlags = ExpectedPlace & OutputFlag & { readonly live?: true };

const examples = `
Examples:
  sluice check rollout.yaml
  sluice check rollout.yaml --live
  sluice check rollout.yaml --output json | jq .plan.phases

Needs neither Temporal nor the cluster; --live asks a worker for today's traffic, through Temporal.`;

export function checkCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  const { terminal } = cli;
  return new Command('check')
    .argument('<file>', 'rollout file (YAML)')
    .description('Check a rollout file and show the plan that it means')
    .option('--live', "tell what the plan can prove at today's traffic")
    .addOption(namespaceOption('refuse a file that is for another Kubernetes namespace'))
    .addOption(clusterOption('refuse a file that is for another cluster'))
    .addOption(outputOption('a page, or the whole plan as JSON'))
    .addHelpText('after', examples)
    .action(async (file: string, { output, live, ...place }: CheckFlags) => {
      const reading = await readPlan(file);
      if (reading.kind === 'refused') {
        if (output === 'json') terminal.out(`${JSON.stringify(reading, null, 2)}\n`);
        else showRefusal(terminal, reading.problems);
        finish(exitCodes.badInput);
        return;
      }
      const { plan, warnings } = reading;
      mustBeIn(plan, file, place);
      const prospects = live ? await readProspects(cli, plan) : null;
      if (output === 'json') {
        const seen = prospects === null ? reading : { ...reading, prospects };
        terminal.out(`${JSON.stringify(seen, null, 2)}\n`);
      } else {
        const paint = paintFor(terminal.colour);
        for (const warning of warnings) terminal.err(`${paint.warn('warning')} ${renderProblem(warning)}\n`);
        terminal.out(planPage(plan, paint));
        if (prospects !== null) terminal.out(`\n${prospectsPage(prospects, paint)}`);
      }
      if (prospects !== null && plan.onUnprovable === 'refuse') mustBeProvable(prospects);
      finish(exitCodes.ok);
    });
}

/** @throws CliProblem when nobody knows the traffic. */
async function readProspects(cli: CliContext, plan: Plan): Promise<Prospects> {
  const reading = await withRollouts(cli, (rollouts) => rollouts.readTraffic(plan));
  const unknown = (why: string) =>
    new CliProblem(exitCodes.unexpected, `Nobody knows what the plan can prove: ${why}`);
  if (reading.kind === 'unknown') throw unknown(reading.why);
  if (reading.requestsPerSecond === 0)
    throw unknown(`${plan.target.service.name} had no requests in the last ${span(reading.windowMs)}`);
  return prospectsOf(plan, reading);
}

/** As its preflight would have it. @throws CliProblem */
function mustBeProvable(prospects: Prospects): void {
  const { phases } = prospects;
  const shortcomings = [...unjudgedOf(phases), ...shortcomingsOf(phases, prospects)];
  if (shortcomings.length === 0) return;
  const lines = shortcomings.map((it) => `  ${it}`).join('\n');
  throw new CliProblem(
    exitCodes.badInput,
    `It would be refused at its start (onUnprovable: refuse):\n${lines}`,
  );
}
