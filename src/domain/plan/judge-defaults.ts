import type { JudgePlan } from './judge-plan.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Every default of a plan's judge that does not depend on the target or the phases. */
export const judgeDefaults = {
  endpoint: null,
  model: null,
  limits: { maxDrop: 0.1, minWinRate: null, minScore: null },
  evidence: 'proven',
  minimumPairs: 100,
  criteria: [
    { name: 'correctness', description: 'What it says is true and answers the question.' },
    { name: 'helpfulness', description: 'It does what was asked for, completely.' },
    { name: 'clarity', description: 'It is easy to read and ends where it should.' },
  ],
  sampling: { temperature: 0, seed: 1, maxTokens: 512 },
  concurrency: 4,
  requestsPerSecond: 2,
  mostPrompts: null,
  noiseShare: 0.1,
  sanityShare: 0.1,
  trust: { mostLost: 0.05, leastRight: 0.9 },
  attempts: 3,
  deadlineMs: hour,
  resources: { cpu: '250m', memory: '256Mi' },
  transcripts: null,
  price: null,
} as const satisfies Omit<JudgePlan, 'image' | 'prompts' | 'atWeights'>;

/** How long transcripts are kept where a plan keeps them. */
export const transcriptsKeptMs = 30 * day;

/** Of a bucket for transcripts. */
export const bucketDefaults = {
  region: 'us-east-1',
  prefix: '',
  credentials: { accessKeyId: 'AWS_ACCESS_KEY_ID', secretAccessKey: 'AWS_SECRET_ACCESS_KEY' },
} as const;
