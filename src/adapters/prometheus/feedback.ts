import type { CounterPlan, FeedbackPlan } from '../../domain/plan/metrics-plan.ts';
import { literal } from './pod-names.ts';
import { total, type Count, type MetricsSource } from './source.ts';

/** What users say of answers, as any application counts it in two counters. */
export const feedback = ({ positive, negative, arms }: FeedbackPlan): MetricsSource => {
  const armMatcher = `${arms.label}=~${JSON.stringify(`${literal(arms.stable)}|${literal(arms.canary)}`)}`;
  const labels = [...new Set([positive, negative].flatMap((it) => Object.keys(it.labels)))];
  const countOf = (counts: readonly Count[], { name, labels: wanted }: CounterPlan) =>
    total(counts, name, (it) => Object.entries(wanted).every(([label, value]) => it[label] === value));
  return {
    offers: ['user-satisfaction'],
    select: () => ({
      counters: `{__name__=~"${[...new Set([positive.name, negative.name])].join('|')}",${armMatcher}}`,
      // Of one name: what PromQL computes of series has none, and those of two could not be told apart.
      alive: `${positive.name}{${armMatcher}}`,
      // A canary that nobody likes has the other counter alone.
      ...(negative.name === positive.name ? {} : { alsoAlive: `${negative.name}{${armMatcher}}` }),
      restarting: `${positive.name}{${armMatcher}}`,
      armLabel: arms.label,
      arms: { stable: literal(arms.stable), canary: literal(arms.canary) },
      labels,
    }),
    read: (counts) => {
      const bad = countOf(counts, negative);
      return { 'user-satisfaction': { bad, total: bad + countOf(counts, positive) } };
    },
  };
};
