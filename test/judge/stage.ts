/** Two stand-in vLLMs, a stand-in judge and a prompt set: what judging needs, on loopback. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BehaviourPatch as JudgeBehaviour } from '../../dev/judge-standin/behaviour.ts';
import { startJudgeStandin, type JudgeStandin } from '../../dev/judge-standin/server.ts';
import type { BehaviourPatch } from '../../dev/standin/behaviour.ts';
import { startStandin, type Standin } from '../../dev/standin/server.ts';
import type { JudgeConfig } from '../../src/domain/judge/config.ts';
import { judgeDefaults } from '../../src/domain/plan/judge-defaults.ts';
import type { JudgeOutcome, JudgeProgress } from '../../src/judge/outcome.ts';
import { runJudge, type JudgeDeps } from '../../src/judge/run-judge.ts';

/** Answers at once, and all of the same length. */
export const quick: BehaviourPatch = {
  ttft: { medianMs: 0 },
  interToken: { medianMs: 0 },
  answer: { meanTokens: 16, spreadTokens: 0 },
};

/** Tries again without waiting long. */
export const impatient = { timeoutMs: 2000, attempts: 3, backoffMs: 1, longestWaitMs: 50 };

export class Stage {
  readonly stable: Standin;
  readonly canary: Standin;
  readonly judge: JudgeStandin;
  readonly folder: string;

  private constructor(stable: Standin, canary: Standin, judge: JudgeStandin, folder: string) {
    this.stable = stable;
    this.canary = canary;
    this.judge = judge;
    this.folder = folder;
  }

  static async open(): Promise<Stage> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'sluice-judge-'));
    return new Stage(
      await startStandin({ arm: 'stable', model: 'tiny', behaviour: quick }),
      await startStandin({ arm: 'canary', model: 'tiny', behaviour: quick }),
      await startJudgeStandin(),
      folder,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.stable.close(), this.canary.close(), this.judge.close()]);
    await rm(this.folder, { recursive: true });
  }

  /** Everything as at first, but for this. */
  async set(behaviours: { stable?: BehaviourPatch; canary?: BehaviourPatch; judge?: JudgeBehaviour } = {}) {
    const put = (adminUrl: string, behaviour: object) =>
      fetch(`${adminUrl}/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
    const { stable, canary, judge } = behaviours;
    const answers = [
      await put(this.stable.adminUrl, { ...quick, ...stable }),
      await put(this.canary.adminUrl, { ...quick, ...canary }),
      await put(this.judge.adminUrl, { apiKey: null, ...judge }),
    ];
    if (answers.some((it) => it.status !== 200)) throw new Error('a behaviour was refused');
  }

  /** A file of these lines. */
  async prompts(lines: readonly object[], name = 'prompts.jsonl'): Promise<string> {
    const file = path.join(this.folder, name);
    await writeFile(file, lines.map((it) => `${JSON.stringify(it)}\n`).join(''));
    return file;
  }

  config(file: string, changes: Partial<JudgeConfig> = {}): JudgeConfig {
    const { criteria, sampling, concurrency, noiseShare, sanityShare } = judgeDefaults;
    return {
      version: 1,
      stable: { url: this.stable.url, model: null, headers: {} },
      canary: { url: this.canary.url, model: null, headers: {} },
      prompts: { file },
      judge: { url: this.judge.url, model: 'judge-standin' },
      ...{ criteria, sampling, concurrency, noiseShare, sanityShare },
      requestsPerSecond: null,
      mostPrompts: null,
      deadlineMs: 60_000,
      transcripts: null,
      ...changes,
    };
  }
}

/** Sums that a stand-in answers, and a judge or a checker can tell right from wrong. */
export const sums = (count: number, checked = false) =>
  Array.from({ length: count }, (_, index) => ({
    id: `sum-${index}`,
    prompt: `What is ${index} + 25?`,
    ...(checked && { checker: { kind: 'regex', pattern: `= ${index + 25}\\.` } }),
  }));

export interface Ran {
  readonly outcome: JudgeOutcome;
  readonly progress: readonly JudgeProgress[];
  readonly warnings: readonly string[];
}

export async function run(
  config: JudgeConfig,
  deps: Partial<JudgeDeps> = {},
  signal = new AbortController().signal,
): Promise<Ran> {
  const progress: JudgeProgress[] = [];
  const warnings: string[] = [];
  const outcome = await runJudge(
    config,
    {
      ...{ apiKey: null, run: 'run', now: Date.now, patience: impatient },
      progress: (it) => progress.push(it),
      warn: (it) => warnings.push(it),
      ...deps,
    },
    signal,
  );
  return { outcome, progress, warnings };
}

/** The answer; the outcome in the message where there is none. */
export function answerOf({ outcome }: Ran) {
  if (outcome.kind === 'answered') return outcome.answer;
  throw new Error(`no answer, but ${JSON.stringify(outcome)}`);
}
