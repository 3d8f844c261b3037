// SLUICE_JUDGE_CONFIG='{"version": 1, ...}' node src/judge/main.ts
/**
 * The program of a judge's Job. What it found is written to its termination message; exit codes: 0 an answer, whatever it
 * says; 1 it could not judge; 2 its config or its prompts are not fit, which another try will not change.
 */
import { writeFile } from 'node:fs/promises';
import type { JudgeAnswer, JudgeFailure } from '../domain/judge/answer.ts';
import { readConfig } from './config-schema.ts';
import type { JudgeOutcome, JudgeProgress } from './outcome.ts';
import { runJudge } from './run-judge.ts';
import type { BucketKeys } from './transcripts/bucket.ts';
import { runName } from './transcripts/sheet.ts';

const { env, stdout } = process;

/** Kubernetes cuts what is longer, and what is cut is no JSON. */
const mostBytes = 4096;
/** Of a failure; the rest is in the log. */
const longestReason = 500;
const progressEveryMs = 10_000;

function log(event: string, details: object = {}): void {
  stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`);
}

async function leave(message: JudgeAnswer | JudgeFailure, exitCode: 0 | 1 | 2): Promise<never> {
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) > mostBytes)
    throw new Error(`The answer must be at most ${mostBytes} bytes: it has ${Buffer.byteLength(text)}`);
  const file = env['SLUICE_JUDGE_ANSWER_FILE'] ?? '/dev/termination-log';
  await writeFile(file, text);
  log('ended', { exitCode, message });
  process.exit(exitCode);
}

function fail(exitCode: 1 | 2, reasons: readonly string[]): Promise<never> {
  for (const reason of reasons) log('problem', { reason });
  const failed = reasons.join('; ').replaceAll(/\s+/g, ' ').slice(0, longestReason);
  return leave({ version: 1, failed }, exitCode);
}

function end(outcome: JudgeOutcome): Promise<never> {
  switch (outcome.kind) {
    case 'answered':
      return leave(outcome.answer, 0);
    case 'refused':
      return fail(2, outcome.problems);
    case 'failed':
      return fail(1, [outcome.why]);
    case 'interrupted':
      return fail(1, ['it was told to end']);
  }
}

/** A key; null where there is none. Secrets made from a file often end with its line break, which is no part of the key. */
function keyIn(variable: string): string | null {
  const key = env[variable]?.trim() ?? '';
  return key === '' ? null : key;
}

function bucketKeys(): BucketKeys | null {
  const accessKeyId = keyIn('SLUICE_JUDGE_S3_ACCESS_KEY_ID');
  const secretAccessKey = keyIn('SLUICE_JUDGE_S3_SECRET_ACCESS_KEY');
  return accessKeyId === null || secretAccessKey === null ? null : { accessKeyId, secretAccessKey };
}

/** Now and then a line, so that the log of a long run says that it goes on. */
function progressLog(): (progress: JudgeProgress) => void {
  let nextMs = 0;
  return (progress) => {
    if (performance.now() < nextMs && progress.done < progress.planned) return;
    nextMs = performance.now() + progressEveryMs;
    log('progress', progress);
  };
}

async function run(): Promise<never> {
  const reading = readConfig(env['SLUICE_JUDGE_CONFIG']);
  if (reading.kind === 'refused') return fail(2, reading.problems);
  const name = env['SLUICE_JUDGE_RUN'] ?? 'run';
  if (!runName.test(name))
    return fail(2, ['SLUICE_JUDGE_RUN must be 1 to 200 letters, digits, dots, dashes and underscores']);
  const told = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      told.abort();
    });
  log('started', { run: name });
  const deps = {
    apiKey: keyIn('SLUICE_JUDGE_API_KEY'),
    bucketKeys: bucketKeys(),
    run: name,
    now: Date.now,
    progress: progressLog(),
    warn: (text: string) => {
      log('warning', { text });
    },
  };
  return end(await runJudge(reading.config, deps, told.signal));
}

await run();
