import { span } from '../rollout/span.ts';

/** For how long an arm's processes have run on average, in seconds. */
export interface ArmAges {
  readonly stable: number;
  readonly canary: number;
}

/** A canary that has run for so long has warm caches like any other. */
const youngSeconds = 3600;
/** What has run for so long has long had them. */
const oldSeconds = 10 * 3600;

/** What a person should know of a comparison of times, whose caches differ; '' when there is nothing to know. */
export function agesTold({ stable, canary }: ArmAges): string {
  if (canary >= youngSeconds || stable < oldSeconds) return '';
  return `; the canary's pods have run for ${span(canary * 1000)}, stable's for ${span(stable * 1000)}`;
}
