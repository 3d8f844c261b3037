/** The LLM judge of a plan: what works, and probably does not do what was meant. */
import type { Plan } from '../plan.ts';
import type { Finding } from './rule.ts';

/** The gate waits for the judge, however short the bake is. */
export function* judgesFitIntoBakes({ judge, phases }: Plan): Iterable<Finding> {
  if (judge === null) return;
  for (const [index, { weightPercent, bakeMs }] of phases.entries()) {
    if (!judge.atWeights.includes(weightPercent) || bakeMs >= judge.deadlineMs) continue;
    const allowed = 'as long as a judge may take, or the phase may last longer than its bake';
    yield { path: ['phases', index, 'bakeMs'], allowed, comparedWith: ['judge', 'deadlineMs'] };
  }
}

/** Each pair is a request to either arm; those of the noise are asked of stable alone, which is asked no faster. */
export function* judgesHaveTime({ judge }: Pick<Plan, 'judge'>): Iterable<Finding> {
  if (judge?.requestsPerSecond == null) return;
  const pairs = judge.mostPrompts ?? judge.minimumPairs;
  const seconds = (pairs * (1 + judge.noiseShare)) / judge.requestsPerSecond;
  if (seconds * 1000 <= judge.deadlineMs) return;
  const least = Math.ceil(seconds / 60);
  const allowed = `more than ${least}m, for ${pairs} prompts at ${judge.requestsPerSecond} requests a second`;
  yield { path: ['judge', 'deadlineMs'], allowed, comparedWith: ['judge', 'requestsPerSecond'] };
}

export function* judgesComeBefore100({ judge }: Plan): Iterable<Finding> {
  const index = judge?.atWeights.indexOf(100) ?? -1;
  if (index < 0) return;
  const allowed = 'weights below 100: there every user has the canary before it is judged';
  yield { path: ['judge', 'atWeights', index], allowed };
}

export function* judgesProve({ judge }: Pick<Plan, 'judge'>): Iterable<Finding> {
  if (judge?.evidence !== 'estimate') return;
  const allowed =
    'proven or noBreach: an estimate passes and fails by chance, and the plan’s risk does not cover it';
  yield { path: ['judge', 'evidence'], allowed };
}

/** Of two equal arms each wins half. */
export function* equalArmsMayPass({ judge }: Pick<Plan, 'judge'>): Iterable<Finding> {
  const least = judge?.limits.minWinRate ?? null;
  if (least === null || least < 0.5) return;
  const allowed = 'below 50%, or a canary as good as stable does not pass';
  yield { path: ['judge', 'limits', 'minWinRate'], allowed };
}

export function* somebodyJudges({ judge }: Plan): Iterable<Finding> {
  if (judge?.endpoint !== null) return;
  const allowed = 'an address and a model, unless every prompt has a checker: a set with others is refused';
  yield { path: ['judge', 'endpoint'], allowed };
}

export function* judgeImageIsPinned({ judge }: Plan): Iterable<Finding> {
  if (judge === null) return;
  const { image } = judge;
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@') || (name.includes(':') && !name.endsWith(':latest'))) return;
  yield { path: ['judge', 'image'], allowed: 'with a tag or digest, or each Job may be another program' };
}

/** A gateway never sees what the judge asks the pods; of vLLM's counters only errors can be looked at meanwhile. */
export function* judgesAreNotCounted({ judge, metrics }: Plan): Iterable<Finding> {
  if (judge === null || metrics.source !== 'vllm') return;
  const allowed =
    'a gateway’s counters, if there is one: vLLM’s count the judge’s requests, so that only errors are judged while it asks';
  yield { path: ['metrics', 'source'], allowed };
}

/** In the order in which they are asked. */
export const judgeAdvice = [
  judgesFitIntoBakes,
  judgesHaveTime,
  judgesComeBefore100,
  judgesProve,
  equalArmsMayPass,
  somebodyJudges,
  judgeImageIsPinned,
  judgesAreNotCounted,
];
