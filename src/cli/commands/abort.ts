import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { type CliContext, withRollouts } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import {
  addNameArgument,
  addOrderFlags,
  nameOf,
  outputOption,
  runOption,
  type OrderFlags,
  type OutputFlag,
  type PlaceFlags,
  type RunFlag,
} from '../flags.ts';
import { percent } from '../render/words.ts';
import { nameText, placeFlags } from '../rollouts/name.ts';
import type { Rollouts, Run, Sight } from '../rollouts/rollouts.ts';

/** How long the command looks whether the worker obeys. The order stands whatever it sees. */
const confirmMs = 5000;
const everyMs = 150;

const examples = `
Examples:
  sluice abort vllm -n llm --reason "answers are in the wrong language"

Works in every state, also while no worker runs: Temporal keeps the order.`;

export function abortCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return addOrderFlags(addNameArgument(new Command('abort')), cli.env)
    .description('Put all traffic back to stable now, and end the rollout')
    .addOption(runOption())
    .addOption(outputOption())
    .addHelpText('after', examples)
    .action(async (name: string, flags: PlaceFlags & OrderFlags & OutputFlag & RunFlag) => {
      const { by, reason, output } = flags;
      const rollout = nameOf(name, flags);
      const seen = await withRollouts(cli, async (rollouts) => {
        const run = await rollouts.abort(rollout, { by, reason }, flags.run);
        return confirmed(rollouts, run, cli.now);
      });
      const text = `${nameText(rollout)}: ${sentence(seen)}\n  watch: sluice watch ${name}${placeFlags(rollout)}\n`;
      const state = seen !== null && 'state' in seen ? seen.state : null;
      const json = {
        type: 'abort',
        ...rollout,
        obeyed: seen !== null,
        weightPercent: state?.weightPercent ?? null,
      };
      cli.terminal.out(output === 'json' ? `${JSON.stringify(json)}\n` : text);
      finish(exitCodes.ok);
    });
}

/** The sight that shows the traffic back, or the way back begun; null when neither is seen in time. */
async function confirmed(rollouts: Rollouts, run: Run, now: () => number): Promise<Sight | null> {
  const until = now() + confirmMs;
  let onItsWay: Sight | null = null;
  while (now() < until) {
    const sight = await rollouts.look(run);
    if (sight.kind === 'ended' || sight.kind === 'cutOff') return sight;
    if (sight.kind === 'running' && sight.state.status === 'rollingBack') {
      if (sight.state.weightPercent === 0) return sight;
      onItsWay = sight;
    }
    await pause(everyMs);
  }
  return onItsWay;
}

function sentence(seen: Sight | null): string {
  if (seen === null)
    return 'Temporal has the order; no worker has obeyed yet, it does as soon as one runs. Is the worker up?';
  if (seen.kind === 'ended') return seen.outcome.sentence;
  if (seen.kind !== 'running') return 'the rollout has ended';
  const { weightPercent } = seen.state;
  return weightPercent === 0
    ? 'all traffic is on stable; the canary is being removed'
    : `rolling back from ${percent(weightPercent)}`;
}
