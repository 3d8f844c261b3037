import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.ts';
import type { Order, RolloutActivities } from '../../src/activities/types.ts';
import type { FenceOnRoute } from '../../src/domain/rollout/fence.ts';
import type { FakeWorld } from './fake-ports.ts';
import { quickPlan } from './plans.ts';

const fence = { rolloutId: 'run-1', startedAtMs: 1000, epoch: 5 };
/** As the route carries it while the rollout of `order` owns it. */
export const ours: FenceOnRoute = { ...fence, released: false };
/** Looks at its guards every 5 ms. */
export const plan = quickPlan({ guardIntervalMs: 5 });
/** What the activities under test are called with. */
export const order: Order = { plan, fence };

/** For an activity that hears of heartbeats or a cancellation: the SDK's own mock of the context, which tells of no failure that a test wants. */
export function quietEnvironment(
  info: { readonly heartbeatDetails?: unknown } = {},
): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
}

/** Runs one activity as a worker would, over a fake world. */
export function run<Name extends keyof RolloutActivities>(
  world: Pick<FakeWorld, 'ports'>,
  name: Name,
  input: Parameters<RolloutActivities[Name]>[0],
  environment = quietEnvironment(),
): Promise<Awaited<ReturnType<RolloutActivities[Name]>>> {
  const activity = createActivities(world.ports)[name] as (input: unknown) => Promise<never>;
  return environment.run(activity, input);
}
