import { Command } from 'commander';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { addNameArgument, nameOf, outputOption, type OutputFlag, type PlaceFlags } from '../flags.ts';
import { CliProblem } from '../problem.ts';
import { cutOffText, outcomeText } from '../render/outcome.ts';
import { paintFor } from '../render/paint.ts';
import { statusPage } from '../render/status-page.ts';
import { nameText } from '../rollouts/name.ts';
import type { RolloutName, Sight } from '../rollouts/rollouts.ts';

const examples = `
Examples:
  sluice status vllm -n llm
  sluice status vllm -n llm --output json | jq .weightPercent`;

export function statusCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return addNameArgument(new Command('status'))
    .description('Show where a rollout stands, and what can be done about it')
    .addOption(outputOption('a page, or the whole state as JSON'))
    .addHelpText('after', examples)
    .action(async (name: string, flags: PlaceFlags & OutputFlag) => {
      const rollout = nameOf(name, flags);
      const sight = await withRollouts(cli, async (rollouts) => rollouts.look(await rollouts.find(rollout)));
      show(cli, rollout, sight, flags);
      finish(exitCodes.ok);
    });
}

function show(
  { terminal, now }: CliContext,
  rollout: RolloutName,
  sight: Sight,
  { output }: OutputFlag,
): void {
  const paint = paintFor(terminal.colour);
  if (sight.kind === 'noWorker' || sight.kind === 'noTemporal') {
    const who = sight.kind === 'noWorker' ? 'worker' : 'Temporal';
    const message = `No answer from the ${who} of ${nameText(rollout)} (${sight.why})`;
    throw new CliProblem(
      exitCodes.unexpected,
      message,
      'The rollout itself is kept in Temporal and loses nothing.',
    );
  }
  if (output === 'json') {
    if (sight.kind === 'cutOff') terminal.err(cutOffText(sight.how, paint));
    const outcomeOnly = sight.kind === 'ended' ? { outcome: sight.outcome } : null;
    terminal.out(`${JSON.stringify(sight.state ?? outcomeOnly, null, 2)}\n`);
    return;
  }
  if (sight.kind === 'cutOff') terminal.out(cutOffText(sight.how, paint));
  if (sight.state !== null) terminal.out(statusPage(sight.state, now(), paint));
  else if (sight.kind === 'ended') terminal.out(outcomeText(sight.outcome, paint));
}
