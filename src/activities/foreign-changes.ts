import type { ChangeWatch } from '../ports/changes.ts';
import type { Ports } from './deps.ts';
import type { GuardOrder } from './types.ts';

/** What others could change, and how to ask for it; `due` until it was answered. */
interface Subject {
  readonly watch: ChangeWatch;
  /** A sentence about what is not as this rollout left it, or null. */
  readonly ask: () => Promise<string | null>;
  due: boolean;
}

/**
 * Looks at route, stable and canary for what somebody else did to them (S10), from its beginning until `end`. Asks the
 * cluster only when something may have changed: a rollout at rest would ask the same three questions all day long.
 */
export class ForeignChanges {
  readonly #subjects: readonly Subject[];

  constructor({ traffic, workload }: Ports, order: GuardOrder) {
    const { target } = order.plan;
    this.#subjects = [
      { watch: traffic.watch(target), ask: () => foreignWeight(traffic, order), due: true },
      { watch: workload.watch(target), ask: () => foreignWorkload(workload, order), due: true },
    ];
  }

  /** What was changed since the last look, the first change only; null when nothing, or when nobody answers. */
  async look(): Promise<string | null> {
    for (const subject of this.#subjects) {
      if (subject.watch.mayHaveChanged()) subject.due = true;
      if (!subject.due) continue;
      try {
        const what = await subject.ask();
        subject.due = false;
        if (what !== null) return what;
      } catch {
        // An API server that does not answer says nothing: the next look asks again.
      }
    }
    return null;
  }

  end(): void {
    for (const { watch } of this.#subjects) watch.end();
  }
}

/** Whether the route still asks for what this rollout wrote. */
async function foreignWeight(
  traffic: Ports['traffic'],
  { plan, fence, weightPercent }: GuardOrder,
): Promise<string | null> {
  const state = await traffic.read(plan.target);
  const route = `HTTPRoute ${plan.target.router.name}`;
  if (state.fence?.rolloutId !== fence.rolloutId) return `${route} no longer carries this rollout's fence`;
  // The next weight is written while this guard still watches: that write is ours, and the next guard's to watch.
  if (state.fence.epoch > fence.epoch) return null;
  if (state.canaryWeightPercent === null) return `${route}: its rules no longer agree on the canary's weight`;
  if (Math.abs(state.canaryWeightPercent - weightPercent) < 0.05) return null;
  return `${route} asks for ${state.canaryWeightPercent} %, this rollout wrote ${weightPercent} %`;
}

/** Whether stable and canary are still as this rollout left them. */
async function foreignWorkload(
  workload: Ports['workload'],
  { plan, fence }: GuardOrder,
): Promise<string | null> {
  const changes = await workload.foreignChanges(plan.target, { rolloutId: fence.rolloutId });
  return changes.length === 0 ? null : changes.join('; ');
}
