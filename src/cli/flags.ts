import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { formats } from '../domain/plan/rules/values.ts';
import { parseDuration } from '../plan-file/duration.ts';
import { defaultPlace } from './rollouts/name.ts';
import type { RolloutName } from './rollouts/rollouts.ts';
import { whoAsks } from './who.ts';

/** As in the rollout file. Node.js's timers end at 24 days. */
const longestTimerMs = 480 * 3_600_000;

export interface OutputFlag {
  readonly output: 'text' | 'json';
}

export interface PlaceFlags {
  readonly namespace: string;
  readonly cluster: string;
}

export interface RunFlag {
  readonly run?: string;
}

export interface SummaryFlag {
  readonly summary: readonly string[];
}

export interface WatchLimitFlag {
  /** Milliseconds. */
  readonly watchLimit?: number;
}

export interface OrderFlags {
  readonly reason: string;
  readonly by: string;
}

export function outputOption(about = 'what is printed'): Option {
  return new Option('--output <kind>', about).choices(['text', 'json']).default('text');
}

/** NAME and the place that it is in. */
export function addNameArgument(command: Command): Command {
  return command
    .addArgument(new Argument('<name>', 'the rollout’s name (metadata.name of its file)').argParser(label))
    .addOption(namespaceOption().default(defaultPlace.namespace))
    .addOption(clusterOption().default(defaultPlace.cluster));
}

export function namespaceOption(about = 'Kubernetes namespace of the rollout'): Option {
  return new Option('-n, --namespace <name>', about).argParser(label);
}

export function clusterOption(about = 'cluster of the rollout'): Option {
  return new Option('--cluster <name>', about).argParser(label);
}

/** Who says so and why: kept in the rollout's history. */
export function addOrderFlags(command: Command, env: NodeJS.ProcessEnv): Command {
  return command
    .addOption(
      new Option('--reason <text>', 'why, for the record').argParser(text).default('no reason given'),
    )
    .addOption(
      new Option('--by <who>', 'who, for the record')
        .argParser(text)
        .default(whoAsks(env), 'GITHUB_ACTOR, GITLAB_USER_LOGIN, or user@host'),
    );
}

/** One run, whatever runs under the same name by now: for whoever noted it, as CI does. */
export function runOption(): Option {
  return new Option('--run <id>', 'this run alone, by its id; default the newest').argParser(text);
}

/** Where to write how it stands and how it ended. */
export function summaryOption(): Option {
  return new Option(
    '--summary <file>',
    'keep a summary in a file: .env, .xml (JUnit), else Markdown; may repeat',
  )
    .argParser((file: string, files: readonly string[]) => [...files, text(file)])
    .default([], 'none');
}

export function watchLimitOption(): Option {
  return new Option(
    '--watch-limit <time>',
    'watch so long at most, such as 5h; the rollout goes on',
  ).argParser(time);
}

export function nameOf(name: string, { namespace, cluster }: PlaceFlags): RolloutName {
  return { name, namespace, cluster };
}

function label(value: string): string {
  if (!formats.label.pattern.test(value)) throw new InvalidArgumentError(`It must be ${formats.label.text}.`);
  return value;
}

/** Milliseconds. */
function time(value: string): number {
  const ms = parseDuration(value);
  if (ms === null || ms < 1000 || ms > longestTimerMs)
    throw new InvalidArgumentError('It must be a time such as 90s, 5h or 1h30m, 1s to 480h.');
  return ms;
}

function text(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}
