/** What single values of a plan's judge may be: used by the rules, by messages, and by the schema for editors. */
import type { Format, Range } from './values.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What numbers may be. Durations in milliseconds, shares as fractions of 1. */
export const judgeRanges = {
  /** Strictly between the ends: both are broken, or kept, by everything. */
  limit: { min: 0.001, max: 0.999, text: 'a share with its percent sign, 0.1% to 99.9%' },
  share: { min: 0, max: 1, text: 'a share with its percent sign, 0% to 100%' },
  pairs: { min: 1, max: 1_000_000, step: 1, text: 'a whole number of pairs, 1 to 1000000' },
  prompts: { min: 1, max: 1_000_000, step: 1, text: 'a whole number of prompts, 1 to 1000000' },
  temperature: { min: 0, max: 2, text: 'a number, 0 to 2' },
  /** vLLM takes more, and who asks again with another seed counts up. */
  seed: { min: 0, max: 2_000_000_000, step: 1, text: 'a whole number, 0 to 2000000000' },
  tokens: { min: 1, max: 1_000_000, step: 1, text: 'a whole number of tokens, 1 to 1000000' },
  concurrency: { min: 1, max: 64, step: 1, text: 'a whole number of requests, 1 to 64' },
  requestsPerSecond: { min: 0.01, max: 1000, text: 'a number of requests, 0.01 to 1000' },
  attempts: { min: 1, max: 10, step: 1, text: 'a whole number of Jobs, 1 to 10' },
  deadlineMs: { min: minute, max: 24 * hour, text: 'a duration such as 30m or 1h30m, 1m to 24h' },
  keepMs: { min: hour, max: 365 * 24 * hour, text: 'a duration such as 720h, 1h to 8760h' },
} as const satisfies Record<string, Range>;

/** A judge is told all of them, and has to answer each for both answers. */
export const mostCriteria = 8;

/** Texts that must match as a whole. */
export const judgeFormats = {
  /** As container runtimes read it: host and port, path, tag, digest. */
  image: {
    pattern:
      /^(?=.{1,512}$)(?:(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    text: 'an image such as registry.example/team/judge:1.0, its name in lower case',
  },
  /** Of a ConfigMap's or a Secret's data. */
  dataKey: {
    pattern: /^(?!\.{1,2}$)(?!\.\.)[-._A-Za-z0-9]{1,253}$/,
    text: 'a key of letters, digits, -, _ and ., at most 253 characters',
  },
  model: {
    pattern: /^[!-~]{1,256}$/,
    text: 'the name of a model as its endpoint knows it, printable ASCII without blanks, 1 to 256 characters',
  },
  criterionName: {
    pattern: /^[a-z][a-z0-9_-]{0,39}$/,
    text: 'a name of a-z, 0-9, - and _, at most 40 characters, first a letter',
  },
  criterionDescription: {
    pattern: /^(?=\S)[ -~\u00a0-\uffff]{1,300}$/,
    text: 'a sentence of 1 to 300 characters in one line',
  },
  /** As AWS has them; other stores allow no more. */
  bucket: {
    pattern: /^(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]|\.(?!\.))*[a-z0-9]$/,
    text: 'a bucket’s name of a-z, 0-9, - and ., 3 to 63 characters, first and last no - or .',
  },
  /** A slash at its end, so that nobody wonders whether one is added. */
  prefix: {
    pattern: /^(?=.{0,128}$)(?:(?!\.{1,2}\/)[\w.-]+\/)*$/,
    text: 'nothing, or folders such as team/llama/ with a / at the end, of letters, digits, -, _ and ., at most 128 characters',
  },
  region: {
    pattern: /^[a-z0-9][a-z0-9-]{0,62}$/,
    text: 'a region such as eu-central-1, of a-z, 0-9 and -, at most 63 characters',
  },
  /** As Kubernetes writes them; what is too little is for a rule. */
  quantity: {
    pattern: /^(?:\d+(?:\.\d*)?|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/,
    text: 'a quantity as Kubernetes writes it, such as 250m, 0.5, 256Mi or 1Gi',
  },
} as const satisfies Record<string, Format>;
