import { setImmediate as breathe } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { unplayedOf } from '../../domain/simulation/unplayed.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { play, type Played } from '../../domain/simulation/play.ts';
import { seededRandom } from '../../domain/simulation/random.ts';
import {
  parseScenario,
  scenarioNames,
  scenarioText,
  type Scenario,
} from '../../domain/simulation/scenario.ts';
import { summarize } from '../../domain/simulation/summary.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { outputOption, type OutputFlag } from '../flags.ts';
import { readPlan } from '../plan.ts';
import { paintFor } from '../render/paint.ts';
import { showRefusal } from '../render/refusal.ts';
import { simulationPage, type Simulated } from '../render/simulation-page.ts';

interface Flags extends OutputFlag {
  readonly scenario: readonly Scenario[];
  readonly requestsPerSecond: number;
  readonly times: number;
  readonly seed: number;
}

const examples = `
Examples:
  sluice simulate rollout.yaml --requests-per-second 20
  sluice simulate rollout.yaml --scenario errors=0.5% --scenario slow=2 --times 1000

Nothing is asked and nothing is changed: arms that are made up answer by chance, and what the worker would
decide about them is decided. docs/before-the-start.md tells what is made up.`;

export function simulateCommand({ terminal }: CliContext, finish: (code: ExitCode) => void): Command {
  return new Command('simulate')
    .argument('<file>', 'rollout file (YAML)')
    .description('Play a plan many times against made-up canaries: how it ends, how soon, at what price')
    .addOption(
      new Option('--scenario <canary>', `${scenarioNames.join(', ')}; with a number: errors=0.5%; may repeat`)
        .argParser((text: string, others: readonly Scenario[]) => [...others, scenario(text)])
        .default([], 'all'),
    )
    .addOption(
      new Option('--requests-per-second <n>', 'of the whole service')
        .argParser(number('a number from 0.01 to 100000', (n) => n >= 0.01 && n <= 100_000))
        .default(10),
    )
    .addOption(
      new Option('--times <n>', 'rollouts for each scenario')
        .argParser(
          number('a whole number from 1 to 100000', (n) => Number.isInteger(n) && n >= 1 && n <= 100_000),
        )
        .default(100),
    )
    .addOption(
      new Option('--seed <n>', 'another one, other chance')
        .argParser(number('a whole number', Number.isSafeInteger))
        .default(1),
    )
    .addOption(outputOption('a table, or JSON'))
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => {
      const reading = await readPlan(file);
      if (reading.kind === 'refused') {
        if (flags.output === 'json') terminal.out(`${JSON.stringify(reading, null, 2)}\n`);
        else showRefusal(terminal, reading.problems);
        finish(exitCodes.badInput);
        return;
      }
      const asked = flags.scenario.length > 0 ? flags.scenario : scenarioNames.map((it) => scenario(it));
      const simulated: Simulated[] = [];
      for (const it of asked)
        simulated.push({
          scenario: it.name,
          what: it.what,
          summary: summarize(await playAll(reading.plan, it, flags)),
        });
      const { requestsPerSecond, seed } = flags;
      const { judge } = reading.plan;
      const takenAsKept = [...unplayedOf(reading.plan), ...(judge === null ? [] : ['judge'])];
      if (flags.output === 'json')
        terminal.out(
          `${JSON.stringify({ requestsPerSecond, seed, takenAsKept, scenarios: simulated }, null, 2)}\n`,
        );
      else terminal.out(simulationPage(simulated, { ...flags, takenAsKept }, paintFor(terminal.colour)));
      finish(exitCodes.ok);
    });

  /** The same chance for every scenario, whichever others are played. */
  async function playAll(
    plan: Plan,
    it: Scenario,
    { requestsPerSecond, times, seed }: Flags,
  ): Promise<Played[]> {
    const random = seededRandom(seed);
    const played: Played[] = [];
    while (played.length < times) {
      played.push(play({ plan, scenario: it, requestsPerSecond, random }));
      if (terminal.live) terminal.err(`\r${it.name}: ${played.length} of ${times}\u001b[K`);
      // Ctrl-C is heard between two rollouts.
      await breathe();
    }
    if (terminal.live) terminal.err('\r\u001b[K');
    return played;
  }
}

function scenario(text: string): Scenario {
  const found = parseScenario(text);
  if (found === null) throw new InvalidArgumentError(`It must be ${scenarioText}.`);
  return found;
}

function number(what: string, isAllowed: (n: number) => boolean): (text: string) => number {
  return (text) => {
    const n = text.trim() === '' ? NaN : Number(text);
    if (!isAllowed(n)) throw new InvalidArgumentError(`It must be ${what}.`);
    return n;
  };
}
