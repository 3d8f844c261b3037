import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, finalFailures, type FailureType } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';

/** What a second attempt on the way back cannot change. */
const finalOnTheWayBack: readonly FailureType[] = [failureTypes.ForeignChange, failureTypes.NoStablePod];

/** The one place that turns a port's fault into a failure that Temporal retries, or does not. */
export function toFailure(error: unknown): unknown {
  return error instanceof PortFault ? failureOf(error, finalFailures.includes(error.type)) : error;
}

/** A server that asks for minutes must not keep the traffic on a bad canary for so long. */
const longestWaitOnTheWayBackMs = 5000;

/**
 * For the way back, which never gives up (S7): a token may be renewed, a right may be given back. Only what somebody
 * else decided meanwhile stays decided, and what the workflow answers by itself goes to it. The time that a server asks
 * for is kept up to 5 s.
 */
export function toRetry(error: unknown): unknown {
  if (!(error instanceof PortFault)) return error;
  return failureOf(error, finalOnTheWayBack.includes(error.type), longestWaitOnTheWayBackMs);
}

function failureOf(fault: PortFault, nonRetryable: boolean, longestWaitMs = Infinity): ApplicationFailure {
  return ApplicationFailure.create({
    type: fault.type,
    message: fault.message,
    nonRetryable,
    cause: fault,
    ...(fault.retryAfterMs === undefined
      ? {}
      : { nextRetryDelay: Math.min(fault.retryAfterMs, longestWaitMs) }),
  });
}
