import { runCli } from '../../src/cli/program.ts';
import type { ExitCode } from '../../src/cli/exit-codes.ts';
import type { Rollouts, Run, Sight } from '../../src/cli/rollouts/rollouts.ts';
import type { RestoreCluster } from '../../src/cli/restore/cluster.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { nowMs } from './cli-states.ts';

export const run: Run = {
  rollout: { cluster: 'default', namespace: 'llm', name: 'vllm' },
  runId: '0199-run',
};

function unexpected(): never {
  throw new Error('the command must not ask for this');
}

/** Rollouts that answer only what a test gives. */
export function rolloutsThat(answers: Partial<Rollouts>): Rollouts {
  return {
    start: unexpected,
    find: unexpected,
    look: unexpected,
    abort: unexpected,
    send: unexpected,
    list: unexpected,
    readTraffic: unexpected,
    readSeries: unexpected,
    urlOf: () => null,
    close: () => Promise.resolve(),
    ...answers,
  };
}

/** A rollout that shows these sights one after the other, and then the last one for ever. */
export function showing(...sights: readonly [Sight, ...Sight[]]): Pick<Rollouts, 'find' | 'look'> {
  const left = [...sights];
  return {
    find: () => Promise.resolve(run),
    look: () => Promise.resolve(left.length > 1 ? (left.shift() ?? sights[0]) : (left[0] ?? sights[0])),
  };
}

export interface Spoken {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** What `restore` connects to. */
  readonly cluster?: RestoreCluster;
  /** Who sits in front of it. @default nobody */
  readonly ask?: Terminal['ask'];
}

/** Runs a command line against such rollouts; no terminal, no colours. */
export async function speak(
  argv: readonly string[],
  rollouts: Rollouts = rolloutsThat({}),
  { env = {}, signal = new AbortController().signal, cluster, ask = null }: Surroundings = {},
): Promise<Spoken> {
  let out = '';
  let err = '';
  const code = await runCli(argv, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      colour: false,
      live: false,
      columns: () => 100,
      interruption: () => signal,
      ask,
    },
    env,
    connect: () => Promise.resolve(rollouts),
    openCluster: () => (cluster === undefined ? unexpected() : Promise.resolve(cluster)),
    now: () => nowMs,
  });
  return { code, out, err };
}
