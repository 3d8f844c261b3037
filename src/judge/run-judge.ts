import { createHash } from 'node:crypto';
import { Agent } from 'undici';
import type { JudgeAnswer } from '../domain/judge/answer.ts';
import { judgeMessages } from '../domain/judge/ask-judge.ts';
import type { JudgeConfig } from '../domain/judge/config.ts';
import { countPairs } from '../domain/judge/count-pairs.ts';
import { sameFamily } from '../domain/judge/family.ts';
import { schedulePairs, type PlannedPair } from '../domain/judge/schedule.ts';
import { span } from '../domain/rollout/span.ts';
import { usualPatience, type Patience } from './http.ts';
import { inParallel } from './in-parallel.ts';
import { JsonSchemas } from './json-schema.ts';
import { judgeOne, type PairRecord, type Parties } from './judge-one.ts';
import type { JudgeOutcome, JudgeProgress } from './outcome.ts';
import { openEndpoints, type Endpoints } from './parties.ts';
import { mostPromptBytes, readPromptSet, type PromptSet } from './prompt-set.ts';
import { Tally } from './tally.ts';
import type { BucketKeys } from './transcripts/bucket.ts';
import { Keeping, type Kept } from './transcripts/keeping.ts';
import type { TranscriptsOptions } from './transcripts/transcripts.ts';

/** What judging needs of the world beside its config. */
export interface JudgeDeps {
  /** Of the judge's endpoint; null: it needs none. */
  readonly apiKey: string | null;
  /** Of the bucket that keeps transcripts. @default null: there is none */
  readonly bucketKeys?: BucketKeys | null;
  /** Names the transcript. */
  readonly run: string;
  readonly now: () => number;
  readonly progress: (progress: JudgeProgress) => void;
  /** Something that does not end judging, as a sentence. */
  readonly warn: (text: string) => void;
  readonly patience?: Patience;
}

/**
 * Asks both arms the same prompts, has their answers judged and counts. Never rejects for anything that an endpoint or a
 * file does.
 *
 * @param signal ends it at once; what was asked meanwhile is thrown away
 */
export async function runJudge(
  config: JudgeConfig,
  deps: JudgeDeps,
  signal: AbortSignal,
): Promise<JudgeOutcome> {
  const agent = new Agent({ connections: config.concurrency, maxResponseSize: mostPromptBytes });
  const late = AbortSignal.timeout(config.deadlineMs);
  try {
    return await run(config, deps, { agent, signal, late });
  } finally {
    await agent.destroy();
  }
}

interface Around {
  readonly agent: Agent;
  /** Somebody ends it. */
  readonly signal: AbortSignal;
  /** The deadline. */
  readonly late: AbortSignal;
}

async function run(config: JudgeConfig, deps: JudgeDeps, around: Around): Promise<JudgeOutcome> {
  const { agent, signal, late } = around;
  const { patience = usualPatience } = deps;
  const givenUp = new AbortController();
  const ended = AbortSignal.any([signal, late, givenUp.signal]);
  const failed = (why: string): JudgeOutcome =>
    signal.aborted ? { kind: 'interrupted' } : { kind: 'failed', why };

  const schemas = new JsonSchemas();
  const judge = config.judge !== null;
  const reading = await readPromptSet(config.prompts, { agent, patience, schemas, judge }, ended);
  if (reading.kind === 'failed') return failed(reading.why);
  if (reading.kind === 'refused') return reading;

  const giveUp = (why: string): void => {
    // The first reason counts: later ones may only come from it.
    givenUp.abort(why);
  };
  const opened = await openEndpoints(config, { agent, patience, apiKey: deps.apiKey, giveUp }, ended);
  if ('failed' in opened) return failed(opened.failed);

  const planned = schedulePairs(reading.set.prompts, config);
  const parties = { ...opened.parties, keepsSchema: schemas.keeps };
  const keeping = await Keeping.open(transcriptsOf(config, deps, reading.set), deps.warn);
  const records = await judgeAll(planned, parties, { config, deps, keeping, ended });
  const kept = await keeping.close();
  if (givenUp.signal.aborted) return failed(String(givenUp.signal.reason));
  if (signal.aborted) return { kind: 'interrupted' };
  if (late.aborted && records.every((it) => it.pair.judgement === null))
    return failed(`no pair was judged within ${span(config.deadlineMs)}`);
  return { kind: 'answered', answer: answerOf({ config, set: reading.set, opened, records, kept }) };
}

interface Judging {
  readonly config: JudgeConfig;
  readonly deps: JudgeDeps;
  readonly keeping: Keeping;
  readonly ended: AbortSignal;
}

async function judgeAll(
  planned: readonly PlannedPair[],
  parties: Parties,
  { config, deps, keeping, ended }: Judging,
): Promise<readonly PairRecord[]> {
  const records: PairRecord[] = [];
  const tally = new Tally(planned.length);
  // A pair has one request under way at a time, so that there are never more than `concurrency`.
  await inParallel(planned, config.concurrency, async (pair) => {
    const record = await judgeOne(pair, parties, ended);
    records.push(record);
    deps.progress(tally.add(record));
    await keeping.write(record);
  });
  return records;
}

function transcriptsOf(
  { transcripts: place }: JudgeConfig,
  { apiKey, bucketKeys: keys = null, run, now }: JudgeDeps,
  { used }: PromptSet,
): TranscriptsOptions | null {
  if (place === null) return null;
  // An access key's id is no secret, and in many stores a word such as `admin`.
  const secrets = [apiKey, keys?.secretAccessKey].filter((it) => it != null);
  return { place, keys, run, promptsSha256: used.sha256, secrets, nowMs: now() };
}

interface Judged {
  readonly config: JudgeConfig;
  readonly set: PromptSet;
  readonly opened: Endpoints;
  readonly records: readonly PairRecord[];
  readonly kept: Kept;
}

function answerOf({ config, set, opened, records, kept }: Judged): JudgeAnswer {
  const { judge } = opened.parties;
  const related = judge !== null && sameFamily(judge.model, opened.models);
  const pairs = records.map((it) => it.pair);
  return {
    version: 1,
    ...countPairs(pairs, related),
    prompts: { ...set.used, count: pairs.filter((it) => it.kind === 'arms').length },
    ...(judge === null ? {} : { judge: { model: judge.model, promptSha256: sha256OfText(config) } }),
    tokens: opened.tokens(),
    ...(kept.reference === null ? {} : { transcripts: kept.reference }),
    ...(kept.problem === null ? {} : { transcriptsProblem: kept.problem }),
  };
}

/** Of the judge's text around what is judged: two runs with the same hash were judged by the same rules. */
function sha256OfText({ criteria }: JudgeConfig): string {
  const nothing = { messages: [], reference: '', first: '', second: '' };
  return createHash('sha256')
    .update(JSON.stringify(judgeMessages(nothing, criteria)))
    .digest('hex');
}
