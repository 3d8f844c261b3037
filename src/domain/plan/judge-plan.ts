import type { Evidence } from './evidence.ts';

/** An LLM judge that compares the arms' answers: a Job in every phase that is judged. */
export interface JudgePlan {
  /** Of the Job: Sluice's own judge, or any that writes the documented answer. */
  readonly image: string;
  /** Weights of the phases that are judged, while they bake. @default all below 100 */
  readonly atWeights: readonly number[];
  readonly prompts: PromptsPlan;
  /** The model that judges; null: checkers alone. */
  readonly endpoint: JudgeEndpointPlan | null;
  /** The model to ask both arms for. @default null: the first that they offer */
  readonly model: string | null;
  readonly limits: JudgeLimits;
  /** @default 'proven' */
  readonly evidence: Evidence;
  /** Pairs below which nothing passes, and no point value fails. @default 100 */
  readonly minimumPairs: number;
  /** What answers are scored by, each from 1 to 5. @default correctness, helpfulness, clarity */
  readonly criteria: readonly RubricCriterion[];
  readonly sampling: JudgeSampling;
  /** Requests under way at once. @default 4 */
  readonly concurrency: number;
  /** Requests to each arm at most; null: as fast as `concurrency` allows. @default 2 */
  readonly requestsPerSecond: number | null;
  /** Prompts asked at most; null: all. @default null */
  readonly mostPrompts: number | null;
  /** Pairs of stable against itself, and of sanity pairs, per prompt. Shares of 1. @default 0.1 each */
  readonly noiseShare: number;
  readonly sanityShare: number;
  readonly trust: TrustPlan;
  /** Jobs a phase at most: one that fails is tried again so often. @default 3 */
  readonly attempts: number;
  /** Of one Job. @default 1 h */
  readonly deadlineMs: number;
  /** As Kubernetes writes quantities: requests and limits alike. @default '250m', '256Mi' */
  readonly resources: { readonly cpu: string; readonly memory: string };
  /** @default null: none are kept */
  readonly transcripts: TranscriptsPlan | null;
  /** What judging costs a million tokens. @default null: nobody says */
  readonly price: { readonly inputPerMillion: number; readonly outputPerMillion: number } | null;
}

/** A file of JSON lines, in a ConfigMap beside the target, or at an address. */
export type PromptsPlan =
  { readonly configMap: { readonly name: string; readonly key: string } } | { readonly url: string };

/** OpenAI-compatible. */
export interface JudgeEndpointPlan {
  /** Up to and without `/v1`. */
  readonly url: string;
  readonly model: string;
  /** Where its key is, in the target's namespace; null: it needs none. */
  readonly apiKey: { readonly secret: string; readonly key: string } | null;
}

/** At least one is set; strict, as all limits are. Shares of 1. */
export interface JudgeLimits {
  /** How much of stable's mean score the canary's may lack: 0.1 breaks at a tenth less. @default 0.1 */
  readonly maxDrop: number | null;
  /** Wins and half of the ties, of all pairs. @default null */
  readonly minWinRate: number | null;
  /** The canary's mean score. @default null */
  readonly minScore: number | null;
}

export interface RubricCriterion {
  readonly name: string;
  /** For the judge, one sentence. */
  readonly description: string;
}

/** How both arms are asked. */
export interface JudgeSampling {
  /** @default 0 */
  readonly temperature: number;
  /** @default 1 */
  readonly seed: number;
  /** @default 512 */
  readonly maxTokens: number;
}

/** When a judge is not believed: the result is inconclusive. Shares of 1. */
export interface TrustPlan {
  /** Of prompts, without a judgement that can be used. @default 0.05 */
  readonly mostLost: number;
  /** Of sanity pairs, judged rightly. @default 0.9 */
  readonly leastRight: number;
}

/** A PersistentVolumeClaim of the target's namespace, or a bucket. */
export type TranscriptsPlan = {
  /** Older ones are removed by later Jobs. @default 30 days */
  readonly keepMs: number;
} & ({ readonly claim: string } | { readonly s3: BucketPlan });

/** A bucket of any store that speaks S3. */
export interface BucketPlan {
  /** Of the store, without the bucket. */
  readonly endpoint: string;
  /** @default 'us-east-1': what stores take that have none */
  readonly region: string;
  readonly bucket: string;
  /** Begins the key of each object; empty, or with a slash at its end. @default '' */
  readonly prefix: string;
  readonly credentials: BucketCredentialsPlan;
}

/** A Secret of the target's namespace, and which of its entries are the two parts of a key. */
export interface BucketCredentialsPlan {
  readonly secret: string;
  /** @default 'AWS_ACCESS_KEY_ID' */
  readonly accessKeyId: string;
  /** @default 'AWS_SECRET_ACCESS_KEY' */
  readonly secretAccessKey: string;
}
