import type { JudgeSampling, RubricCriterion } from '../plan/judge-plan.ts';

/** The order of a judge's program: a Job gets it as JSON in the environment variable SLUICE_JUDGE_CONFIG. No secret in it. */
export interface JudgeConfig {
  readonly version: 1;
  readonly stable: ContestantConfig;
  readonly canary: ContestantConfig;
  readonly prompts: { readonly file: string } | { readonly url: string };
  /** Null: checkers alone. */
  readonly judge: JudgeEndpointConfig | null;
  readonly criteria: readonly RubricCriterion[];
  readonly sampling: JudgeSampling;
  /** Requests under way at once, of all endpoints together. */
  readonly concurrency: number;
  /** Requests to each arm; null: as fast as `concurrency` allows. */
  readonly requestsPerSecond: number | null;
  /** Of prompts: how many more pairs there are of `noise`, and of both sanity kinds together. Shares of 1. */
  readonly noiseShare: number;
  readonly sanityShare: number;
  /** Prompts asked at most, the same ones each time; null: all. */
  readonly mostPrompts: number | null;
  /** After so long the program gives up by itself, before its Job is ended from outside. */
  readonly deadlineMs: number;
  /** Null: none are kept. */
  readonly transcripts: TranscriptsConfig | null;
}

/** Where transcripts go, and how long this one is kept there; null: for ever, and older ones are left alone. */
export type TranscriptsConfig = { readonly keepMs: number | null } & (
  { readonly folder: string } | { readonly bucket: BucketConfig }
);

/** Its keys are in the environment: SLUICE_JUDGE_S3_ACCESS_KEY_ID and SLUICE_JUDGE_S3_SECRET_ACCESS_KEY. */
export interface BucketConfig {
  /** Of the store that speaks S3, without the bucket. */
  readonly endpoint: string;
  readonly region: string;
  readonly name: string;
  /** Begins the key of each object; empty, or with a slash at its end. */
  readonly prefix: string;
}

/** An arm: an OpenAI-compatible endpoint. */
export interface ContestantConfig {
  /** Up to and without `/v1`. */
  readonly url: string;
  /** Null: the first of `/v1/models`. */
  readonly model: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The key, where it needs one, is in the environment variable SLUICE_JUDGE_API_KEY. */
export interface JudgeEndpointConfig {
  /** Up to and without `/v1`. */
  readonly url: string;
  readonly model: string;
}
