import type { Plan } from '../../domain/plan/plan.ts';
import { criterionText } from '../render/criteria.ts';
import { duration, percent } from '../render/words.ts';
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
  const phases = plan.phases.map(
    ({ weightPercent, bakeMs, gates }, index) =>
      `| ${index + 1} | ${percent(weightPercent)} | ${duration(bakeMs)} | ${gates.map((it) => criterionText(it.criterion)).join('; ')} |`,
  );
  const guards = plan.guards.map(({ criterion }) => `- ${criterionText(criterion)}`);
  const text = [
    `**${plan.name}** to **${plan.release.version}**, started by ${startedBy}: ${reason}`,
    `${workload.kind} ${workload.name}, Service ${service.name}:${service.port}, ${router.kind} ${router.name}; namespace ${namespace}, cluster ${cluster}`,
    ['| phase | weight | bake | gates |', '|---|---|---|---|', ...phases].join('\n'),
    ['Guards, a breach of which rolls back at once:', ...guards].join('\n'),
    `Roll back: signal \`abort\`, or \`sluice abort ${plan.name}${placeFlags(plan.target)}\``,
  ];
  return fit(text.join('\n\n'), mostBytes.details);
}

function fit(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  // A character that the cut falls into becomes U+FFFD, of three bytes.
  return whole.length <= bytes ? text : whole.subarray(0, bytes - 3).toString();
}
