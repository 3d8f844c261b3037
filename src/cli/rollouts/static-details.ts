import type { Plan } from '../../domain/plan/plan.ts';
import { markdownList, markdownTable, plainMarkdown } from '../../domain/rollout/markdown.ts';
import { gatesText, guardText } from '../render/criteria.ts';
import { span } from '../../domain/rollout/span.ts';
import { percent } from '../render/words.ts';
import { placeFlags } from './name.ts';
import type { StartOrder } from './rollouts.ts';

/** What Temporal accepts, in bytes (limit.userMetadataSummarySize, limit.userMetadataDetailsSize). */
const mostBytes = { summary: 400, details: 20_000 };

/** One line for the list in Temporal's UI. */
export function startSummary({ name, release, target }: Plan): string {
  return fit(`${name} to ${release.version} (${target.namespace}, ${target.cluster})`, mostBytes.summary);
}

/** What does not change while it runs, as Markdown for Temporal's UI. */
export function startDetails({ plan, startedBy, reason }: StartOrder): string {
  const { workload, service, router, namespace, cluster } = plan.target;
  const phases = plan.phases.map(({ weightPercent, bakeMs, gates }, index) => [
    String(index + 1),
    percent(weightPercent),
    span(bakeMs),
    gatesText(gates),
  ]);
  const text = [
    `**${plan.name}** to **${plan.release.version}**, started by ${plainMarkdown(startedBy)}: ${plainMarkdown(reason)}`,
    `${workload.kind} ${workload.name}, Service ${service.name}:${service.port}, ${router.kind} ${router.name}; namespace ${namespace}, cluster ${cluster}`,
    markdownTable(['phase', 'weight', 'bake', 'gates'], phases),
    'Guards, a breach of which rolls back at once:',
    markdownList(plan.guards.map(guardText)),
    `After the last phase the old version is kept for ${span(plan.keepOldMs)}. ${holdText(plan)}`,
    `Roll back: signal \`abort\`, or \`sluice abort ${plan.name}${placeFlags(plan.target)}\``,
  ];
  return fit(text.join('\n\n'), mostBytes.details);
}

function holdText({ hold }: Plan): string {
  if (hold.then === 'keepHolding') return 'A hold lasts until a person ends it.';
  return `A hold that nobody ends for ${span(hold.limitMs)} rolls back.`;
}

function fit(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  // A character that the cut falls into becomes U+FFFD, of three bytes.
  return whole.length <= bytes ? text : whole.subarray(0, bytes - 3).toString();
}
