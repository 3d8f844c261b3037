/** The section of a rollout file that says where numbers come from. */
import { z } from 'zod';
import { gpuNames } from '../domain/cost/gpu-prices.ts';
import { defaultArmCost, planDefaults } from '../domain/plan/defaults.ts';
import type { CustomMetricPlan } from '../domain/plan/metrics-plan.ts';
import { formats, ranges, urlText } from '../domain/plan/rules/values.ts';
import { choice, jsonPath, number, status, text, url } from './leaves.ts';
import { withOneOf } from './one-of.ts';

const defaults = planDefaults.metrics;
const tokenPrices = defaultArmCost.by === 'tokens' ? defaultArmCost : null;
const gpuText = `a price, or one of ${gpuNames.join(', ')}`;

const armCost = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('tokens').meta({ description: 'By the tokens of prompts and answers.' }),
    inputPerMillion: number(ranges.inputPrice, 'Price of a million tokens of prompts.').prefault(
      tokenPrices?.inputPerMillion ?? 0,
    ),
    outputPerMillion: number(ranges.maxCost, 'Price of a million generated tokens.').prefault(
      tokenPrices?.outputPerMillion ?? 1,
    ),
  }),
  z.strictObject({
    by: z.literal('capacity').meta({
      description: 'By what the pods’ GPUs cost, and what a pod generates when it is full.',
    }),
    gpusPerPod: number(ranges.gpusPerPod, 'GPUs of one pod.').prefault(1),
    perGpuHour: z
      .union(
        [number(ranges.maxCost, 'Price of a GPU for an hour.'), choice(gpuNames, 'A GPU of the table.')],
        {
          error: gpuText,
        },
      )
      .meta({ description: 'Price of a GPU for an hour, or the name of one whose list price is built in.' }),
    outputTokensPerSecond: number(
      ranges.tokensPerSecond,
      'What one pod generates at full load, as a load test of it says.',
    ),
  }),
]);

const counter = (which: string) =>
  z
    .strictObject({
      name: text(formats.metricName, 'Name of the counter.'),
      labels: z
        .record(z.string(), z.string(), { error: 'a map of labels to their values' })
        .prefault({})
        .meta({ description: 'Labels that it must have.' }),
    })
    .meta({ description: `Counts ${which} feedback.` });

const armLabel = z.strictObject({
  label: text(formats.labelName, 'The label that tells the arms apart.'),
  stable: z.string({ error: 'a text' }).meta({ description: 'Its value for stable.' }),
  canary: z.string({ error: 'a text' }).meta({ description: 'Its value for the canary.' }),
});

const feedback = z.strictObject({
  positive: counter('positive'),
  negative: counter('negative'),
  arms: armLabel.meta({ description: 'Which arm the feedback is about.' }),
});

const engine = z.strictObject({
  prefix: text(formats.metricPrefix, 'What the names of vLLM’s own series begin with.').prefault(
    defaults.engine.prefix,
  ),
  arms: armLabel
    .nullable()
    .prefault(defaults.engine.arms)
    .meta({ description: 'A label that tells the arms apart; null: the names of their pods do.' }),
});

const forArms = {
  stable: 'Of stable.',
  canary: 'Of the canary.',
} as const;

const custom = withOneOf(
  z.strictObject({
    name: text(formats.label, 'What criteria call it.'),
    prometheus: z
      .strictObject({
        stable: text(formats.query, forArms.stable),
        canary: text(formats.query, forArms.canary),
      })
      .optional()
      .meta({
        description:
          'Instant queries with one sample each as answer; $window becomes how far back a look goes: 60s.',
      }),
    web: z
      .strictObject({
        stable: url(urlText, forArms.stable),
        canary: url(urlText, forArms.canary),
        path: jsonPath(formats.jsonPath, 'JSONPath (RFC 9535) of the one number in the answer.'),
        headers: z
          .record(z.string(), z.string(), { error: 'a map of headers to their values' })
          .prefault({})
          .meta({
            description: 'Headers of the request. They are kept in the history: no place for a token.',
          }),
      })
      .optional()
      .meta({ description: 'Addresses that answer a GET with JSON.' }),
    file: z
      .strictObject({
        path: text(formats.pathWithin, 'Within the folder that SLUICE_VALUES_DIR names for the worker.'),
      })
      .optional()
      .meta({
        description: 'A JSON file that the worker reads, {"stable": 0.9, "canary": 0.8}: for trials.',
      }),
  }),
  ['prometheus', 'web', 'file'],
  { missing: 'prometheus', standIn: { stable: 'stable', canary: 'canary' } },
);

type FileCustom = z.output<typeof custom>;

/** The plan's metric of a person's own. */
export function toCustom({ name, prometheus, web, file }: FileCustom): CustomMetricPlan {
  if (prometheus !== undefined) return { name, prometheus };
  if (web !== undefined) return { name, web };
  if (file !== undefined) return { name, file };
  throw new RangeError('a metric of the file has a source');
}

export const metricsSection = z.strictObject({
  prometheus: z
    .strictObject({ url: url(urlText, 'Address of Prometheus, as the worker reaches it.') })
    .meta({ description: 'Where the numbers are asked for.' }),
  source: choice(
    ['envoy-contour', 'istio', 'traefik', 'vllm'],
    'Whose counters tell errors and latency: the gateway’s or vLLM’s.',
  ).prefault(defaults.source),
  failing: z
    .array(status(formats.failing, 'A class of statuses, or one.'))
    .min(1, { error: 'a list with at least one status' })
    .prefault([...defaults.failing])
    .meta({
      description: 'Which HTTP statuses make an answer a failure; streams that break always are.',
    }),
  cost: z
    .strictObject({
      stable: armCost.prefault({ ...defaultArmCost }).meta({ description: 'What stable costs.' }),
      canary: armCost.optional().meta({ description: 'What the canary costs. Without it: as stable.' }),
    })
    .prefault({})
    .meta({
      description: 'Prices, in any currency: what cost-per-request and cost-per-1k-tokens count with.',
    }),
  feedback: feedback
    .nullable()
    .prefault(defaults.feedback)
    .meta({ description: 'Where users’ feedback is counted, for user-satisfaction; null for nowhere.' }),
  engine: engine.prefault({}).meta({ description: 'How Prometheus has vLLM’s own series.' }),
  custom: z
    .array(custom)
    .prefault([...defaults.custom])
    .meta({ description: 'Metrics of your own: numbers that somebody else computes, one of each arm.' }),
});
