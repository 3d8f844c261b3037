import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, finalFailures } from '../domain/failures.ts';
import { PortFault } from '../ports/faults.ts';

/** The one place that turns a port's fault into a failure that Temporal retries, or does not. */
export function toFailure(error: unknown): unknown {
  return error instanceof PortFault ? failureOf(error, finalFailures.includes(error.type)) : error;
}

/**
 * For the way back, which never gives up (S7): a token may be renewed, a right may be given back. Only what somebody
 * else decided meanwhile stays decided.
 */
export function toRetry(error: unknown): unknown {
  return error instanceof PortFault ? failureOf(error, error.type === failureTypes.ForeignChange) : error;
}

function failureOf(fault: PortFault, nonRetryable: boolean): ApplicationFailure {
  return ApplicationFailure.create({
    type: fault.type,
    message: fault.message,
    nonRetryable,
    cause: fault,
    ...(fault.retryAfterMs === undefined ? {} : { nextRetryDelay: fault.retryAfterMs }),
  });
}
