import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { RolloutActivities } from '../activities/types.ts';
import type { TrafficQuestion } from '../domain/prospects/traffic.ts';
import type { RolloutOutcome } from '../domain/rollout/state.ts';
import type { RolloutMetrics } from './metrics.ts';

/** The order of any activity: what some of them have beside the plan. */
type AnyOrder = TrafficQuestion & {
  readonly weightPercent?: number;
  readonly phase?: number;
  readonly outcome?: RolloutOutcome;
};

const watching: keyof RolloutActivities = 'watchGuards';
const movingBack: keyof RolloutActivities = 'moveTrafficBack';
const telling: keyof RolloutActivities = 'notify';

/** Around every activity: what can be counted from there, and what its log lines say of the rollout. */
export function activityInterceptors(metrics: RolloutMetrics): (context: Context) => ActivityInterceptors {
  return ({ info }) => {
    const { activityType, attempt, scheduledTimestampMs } = info;
    let fields: Record<string, unknown> = {};
    return {
      inbound: {
        execute: async (input, next) => {
          const order = input.args[0] as AnyOrder;
          fields = orderFields(order);
          const { plan, weightPercent = 0, outcome } = order;
          const stop = activityType === watching ? metrics.watching(plan, weightPercent) : () => undefined;
          if (activityType === telling && attempt === 1 && outcome !== undefined) metrics.ended(outcome);
          try {
            const result = await next(input);
            // Scheduled when it was decided, whatever attempt this is.
            if (activityType === movingBack)
              metrics.trafficMovedBack(Math.max(0, Date.now() - scheduledTimestampMs));
            return result;
          } catch (error) {
            if (!isCancelled(error)) metrics.activityFailed(activityType, failureType(error));
            throw error;
          } finally {
            stop();
          }
        },
      },
      outbound: { getLogAttributes: (input, next) => next({ ...input, ...fields }) },
    };
  };
}

/** Version, phase (from 1) and weight, as far as the order names them. */
function orderFields({ plan, phase, weightPercent }: AnyOrder): Record<string, unknown> {
  return {
    version: plan.release.version,
    ...(phase === undefined ? {} : { phase: phase + 1 }),
    ...(weightPercent === undefined ? {} : { weightPercent }),
  };
}

function failureType(error: unknown): string {
  if (error instanceof ApplicationFailure) return error.type ?? 'ApplicationFailure';
  return error instanceof Error ? error.name : 'unknown';
}

function isCancelled(error: unknown): boolean {
  return error instanceof CancelledFailure || (error instanceof Error && error.name === 'AbortError');
}
