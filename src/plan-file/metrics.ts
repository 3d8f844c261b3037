/** The section of a rollout file that says where numbers come from. */
import { z } from 'zod';
import { gpuNames } from '../domain/cost/gpu-prices.ts';
import { defaultArmCost, planDefaults } from '../domain/plan/defaults.ts';
import { formats, ranges, urlText } from '../domain/plan/rules/values.ts';
import { choice, number, status, text, url } from './leaves.ts';

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
});
