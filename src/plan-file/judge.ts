/** The section of a rollout file about the LLM judge. */
import { z } from 'zod';
import { evidences } from '../domain/plan/evidence.ts';
import { bucketDefaults, judgeDefaults, transcriptsKeptMs } from '../domain/plan/judge-defaults.ts';
import type { JudgePlan, PromptsPlan, TranscriptsPlan } from '../domain/plan/judge-plan.ts';
import { judgeFormats, judgeRanges, mostCriteria } from '../domain/plan/rules/judge-values.ts';
import { formats, ranges, urlText } from '../domain/plan/rules/values.ts';
import { formatDuration } from './duration.ts';
import { choice, duration, number, quantity, share, text, url } from './leaves.ts';
import { withOneOf } from './one-of.ts';
import { formatPercent } from './percent.ts';

const defaults = judgeDefaults;

const prompts = withOneOf(
  z.strictObject({
    configMap: z
      .strictObject({
        name: text(formats.subdomain, 'Name of the ConfigMap.'),
        key: text(judgeFormats.dataKey, 'Which of its files.'),
      })
      .optional()
      .meta({ description: 'A ConfigMap of the target’s namespace.' }),
    url: url(
      urlText,
      'An address that answers a GET with the file. It is kept in the history: no place for a token.',
    ).optional(),
  }),
  ['configMap', 'url'],
  { missing: 'configMap', standIn: { name: 'prompts', key: 'prompts.jsonl' } },
);

const endpoint = z.strictObject({
  url: url(urlText, 'Address of the OpenAI-compatible endpoint, up to and without /v1.'),
  model: text(judgeFormats.model, 'The model that judges.'),
  apiKey: z
    .strictObject({
      secret: text(formats.subdomain, 'Name of the Secret.'),
      key: text(judgeFormats.dataKey, 'Which of its entries.'),
    })
    .nullable()
    .prefault(null)
    .meta({
      description:
        'Where the endpoint’s key is: a Secret of the target’s namespace; null: it needs none. Never the key itself.',
    }),
});

const limits = z.strictObject({
  maxDrop: limit(
    'How much of stable’s mean score the canary’s may lack: 10% is broken by a tenth less.',
    defaults.limits.maxDrop,
  ),
  minWinRate: limit(
    'Wins of the canary and half of the ties, of all pairs; equal arms have 50%.',
    defaults.limits.minWinRate,
  ),
  minScore: limit('The canary’s mean score: 1 is 0%, 3 is 50%, 5 is 100%.', defaults.limits.minScore),
});

const criterion = z.strictObject({
  name: text(judgeFormats.criterionName, 'What it is called.'),
  description: text(judgeFormats.criterionDescription, 'What the judge is told of it, in one sentence.'),
});

const sampling = z.strictObject({
  temperature: number(judgeRanges.temperature, 'Temperature of both arms’ answers.').prefault(
    defaults.sampling.temperature,
  ),
  seed: number(judgeRanges.seed, 'Seed of both arms’ answers.').prefault(defaults.sampling.seed),
  maxTokens: number(judgeRanges.tokens, 'Tokens of an answer at most.').prefault(defaults.sampling.maxTokens),
});

const price = z.strictObject({
  inputPerMillion: number(ranges.inputPrice, 'Price of a million tokens that the judge reads.'),
  outputPerMillion: number(ranges.inputPrice, 'Price of a million tokens that the judge writes.'),
});

const bucket = z.strictObject({
  endpoint: url(urlText, 'Address of the store, without the bucket.'),
  region: text(judgeFormats.region, 'The store’s region.').prefault(bucketDefaults.region),
  bucket: text(judgeFormats.bucket, 'Name of the bucket.'),
  prefix: text(judgeFormats.prefix, 'Begins the name of each object.').prefault(bucketDefaults.prefix),
  credentials: z
    .strictObject({
      secret: text(formats.subdomain, 'Name of the Secret.'),
      accessKeyId: text(judgeFormats.dataKey, 'Which of its entries is the access key’s id.').prefault(
        bucketDefaults.credentials.accessKeyId,
      ),
      secretAccessKey: text(judgeFormats.dataKey, 'Which of its entries is the secret access key.').prefault(
        bucketDefaults.credentials.secretAccessKey,
      ),
    })
    .meta({
      description: 'Where the keys are: a Secret of the target’s namespace. Never the keys themselves.',
    }),
});

const transcripts = withOneOf(
  z.strictObject({
    claim: text(formats.subdomain, 'Name of a PersistentVolumeClaim of the target’s namespace.').optional(),
    s3: bucket.optional().meta({ description: 'A bucket of a store that speaks S3.' }),
    keep: duration(
      judgeRanges.keepMs,
      'How long a transcript is kept; later Jobs remove older ones.',
    ).prefault(formatDuration(transcriptsKeptMs)),
  }),
  ['claim', 's3'],
  { missing: 'claim', standIn: 'transcripts' },
);

export const judgeSection = z.strictObject({
  image: text(
    judgeFormats.image,
    'Image of the Job: Sluice’s own judge, or any that writes the documented answer.',
  ),
  atWeights: z
    .array(number(ranges.weightPercent, 'Weight of a phase that is judged.'))
    .optional()
    .meta({ description: 'Weights of the phases that are judged. Without it: all below 100.' }),
  prompts: prompts.meta({ description: 'What both arms are asked: a file of JSON lines.' }),
  endpoint: endpoint
    .nullable()
    .prefault(defaults.endpoint)
    .meta({ description: 'The model that judges; null: the checkers of the prompts alone.' }),
  model: text(judgeFormats.model, 'The model to ask both arms for.')
    .nullable()
    .prefault(defaults.model)
    .meta({ description: 'The model to ask both arms for; null: the first that they offer.' }),
  limits: limits.prefault({}).meta({ description: 'What the canary must keep; at least one is set.' }),
  evidence: choice(
    evidences,
    'proven: limits are kept, or broken, at the plan’s risk, else the phase is inconclusive. noBreach: passes unless a limit is proven to be broken. estimate: point values are taken for the truth.',
  ).prefault(defaults.evidence),
  minimumPairs: number(
    judgeRanges.pairs,
    'Pairs below which nothing passes, and no point value fails.',
  ).prefault(defaults.minimumPairs),
  criteria: z
    .array(criterion)
    .prefault(defaults.criteria.map((it) => ({ ...it })))
    .meta({
      description: 'What the judge scores answers by, each from 1 to 5.',
      minItems: 1,
      maxItems: mostCriteria,
    }),
  sampling: sampling.prefault({}).meta({ description: 'How both arms are asked.' }),
  concurrency: number(judgeRanges.concurrency, 'Requests under way at once.').prefault(defaults.concurrency),
  requestsPerSecond: number(judgeRanges.requestsPerSecond, 'Requests to each arm at most.')
    .nullable()
    .prefault(defaults.requestsPerSecond)
    .meta({ description: 'Requests to each arm at most; null: as fast as concurrency allows.' }),
  mostPrompts: number(judgeRanges.prompts, 'Prompts asked at most.')
    .nullable()
    .prefault(defaults.mostPrompts)
    .meta({ description: 'Prompts asked at most, the same ones each time; null: all.' }),
  noiseShare: share(
    judgeRanges.share,
    'Of prompts: how many are asked of stable twice, for how much judging alone scatters.',
  ).prefault(formatPercent(defaults.noiseShare)),
  sanityShare: share(
    judgeRanges.share,
    'Of prompts: how many pairs more have a known right judgement, to see whether the judge can judge.',
  ).prefault(formatPercent(defaults.sanityShare)),
  trust: z
    .strictObject({
      mostLost: share(
        judgeRanges.share,
        'Of prompts, without a judgement that can be used; more, and the result is inconclusive.',
      ).prefault(formatPercent(defaults.trust.mostLost)),
      leastRight: share(
        judgeRanges.share,
        'Of pairs with a known right judgement, judged so; fewer, and the result is inconclusive.',
      ).prefault(formatPercent(defaults.trust.leastRight)),
    })
    .prefault({})
    .meta({ description: 'When the judge is not believed.' }),
  attempts: number(judgeRanges.attempts, 'Jobs a phase at most, when they fail.').prefault(defaults.attempts),
  deadline: duration(judgeRanges.deadlineMs, 'How long one Job may take.').prefault(
    formatDuration(defaults.deadlineMs),
  ),
  resources: z
    .strictObject({
      cpu: quantity(judgeFormats.quantity, 'CPU of the Job: request and limit.')
        .prefault(defaults.resources.cpu)
        .meta({ description: 'CPU of the Job: request and limit.' }),
      memory: quantity(judgeFormats.quantity, 'Memory of the Job: request and limit.')
        .prefault(defaults.resources.memory)
        .meta({ description: 'Memory of the Job: request and limit.' }),
    })
    .prefault({})
    .meta({ description: 'What the Job’s pod gets.' }),
  transcripts: transcripts.nullable().prefault(defaults.transcripts).meta({
    description: 'A volume or a bucket for all prompts and answers; null: none are kept.',
  }),
  price: price
    .nullable()
    .prefault(defaults.price)
    .meta({ description: 'What the judge’s tokens cost, in any currency; null: nobody says.' }),
});

/** A limit that is on by default, or off. */
function limit(description: string, by: number | null) {
  return share(judgeRanges.limit, description)
    .nullable()
    .prefault(by === null ? null : formatPercent(by))
    .meta({ description: `${description} null: no limit.` });
}

type FileJudge = z.output<typeof judgeSection>;

/** The plan's judge. */
export function toJudge(
  { prompts, deadline, transcripts, atWeights, ...rest }: FileJudge,
  phases: readonly { readonly weightPercent: number }[],
): JudgePlan {
  return {
    ...rest,
    atWeights: atWeights ?? phases.map((it) => it.weightPercent).filter((it) => it < 100),
    prompts: toPrompts(prompts),
    deadlineMs: deadline,
    transcripts: transcripts === null ? null : toTranscripts(transcripts),
  };
}

function toPrompts({ configMap, url }: FileJudge['prompts']): PromptsPlan {
  if (configMap !== undefined) return { configMap };
  if (url !== undefined) return { url };
  throw new RangeError('prompts of the file have a source');
}

function toTranscripts({ claim, s3, keep: keepMs }: NonNullable<FileJudge['transcripts']>): TranscriptsPlan {
  if (claim !== undefined) return { claim, keepMs };
  if (s3 !== undefined) return { s3, keepMs };
  throw new RangeError('transcripts of the file have a place');
}
