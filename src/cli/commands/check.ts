import { Command } from 'commander';
import { renderProblem } from '../../plan-file/problem.ts';
import type { PlanFileAnswer } from '../../plan-file/read.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { clusterOption, namespaceOption, outputOption, type OutputFlag } from '../flags.ts';
import { type ExpectedPlace, mustBeIn, readPlan } from '../plan.ts';
import { paintFor } from '../render/paint.ts';
import { planPage } from '../render/plan-page.ts';
import { showRefusal } from '../render/refusal.ts';

const examples = `
Examples:
  sluice check rollout.yaml
  sluice check rollout.yaml --output json | jq .plan.phases

Needs neither Temporal nor the cluster.`;

export function checkCommand({ terminal }: CliContext, finish: (code: ExitCode) => void): Command {
  return new Command('check')
    .argument('<file>', 'rollout file (YAML)')
    .description('Check a rollout file and show the plan that it means')
    .addOption(namespaceOption('refuse a file that is for another Kubernetes namespace'))
    .addOption(clusterOption('refuse a file that is for another cluster'))
    .addOption(outputOption('a page, or the whole plan as JSON'))
    .addHelpText('after', examples)
    .action(async (file: string, { output, ...place }: ExpectedPlace & OutputFlag) => {
      const reading = await readPlan(file);
      if (reading.kind === 'ok') mustBeIn(reading.plan, file, place);
      if (output === 'json') terminal.out(`${JSON.stringify(reading, null, 2)}\n`);
      else show(reading);
      finish(reading.kind === 'ok' ? exitCodes.ok : exitCodes.badInput);
    });

  function show(reading: PlanFileAnswer): void {
    const paint = paintFor(terminal.colour);
    if (reading.kind === 'refused') {
      showRefusal(terminal, reading.problems);
      return;
    }
    for (const warning of reading.warnings)
      terminal.err(`${paint.warn('warning')} ${renderProblem(warning)}\n`);
    terminal.out(planPage(reading.plan, paint));
  }
}
