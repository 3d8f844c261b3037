import { failureTypes, type FailureType } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';

/** What the API server answered instead of doing what it was asked. */
export interface ErrorAnswer {
  /** Of HTTP. */
  readonly code: number;
  /** `reason` of the answer's Status, for example `AlreadyExists`; empty when the answer was no Status. */
  readonly reason: string;
  /** For people. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** A request that the API server refused, or did not answer; `answer` is null when there was none. */
export class KubernetesFault extends PortFault {
  readonly answer: ErrorAnswer | null;

  constructor(
    type: FailureType,
    message: string,
    options: {
      readonly answer?: ErrorAnswer;
      readonly cause?: unknown;
      readonly retryAfterMs?: number;
    } = {},
  ) {
    super(type, message, options);
    this.answer = options.answer ?? null;
  }
}

/** The API server's error answer, on its way to {@link mapFault}. */
export class AnsweredWithError extends Error {
  override readonly name = 'AnsweredWithError';
  readonly answer: ErrorAnswer;

  constructor(answer: ErrorAnswer) {
    super(`${answer.code} ${answer.reason}: ${answer.message}`);
    this.answer = answer;
  }
}

/** Too early, too often, or the server's own trouble: the same request may be accepted the next time. */
const passing: readonly number[] = [408, 409, 410, 425, 429];

/**
 * What went wrong with a request, as a fault of a port. 408, 409, 410, 425, 429, 5xx and no answer are `Unavailable`;
 * every other answer is `Refused`.
 * @param what completes "cannot ...", for example `replace HTTPRoute llm/llm`.
 */
export function mapFault(error: unknown, what: string): PortFault {
  if (error instanceof PortFault) return error;
  if (error instanceof AnsweredWithError) return answered(error.answer, what);
  return new KubernetesFault(failureTypes.Unavailable, `cannot ${what}: no answer: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** Somebody wrote since the object was read, or it exists already. */
export function isConflict(error: unknown): boolean {
  return answeredCode(error) === 409;
}

/** A create found an object of that name. */
export function isAlreadyExists(error: unknown): boolean {
  return error instanceof KubernetesFault && error.answer?.reason === 'AlreadyExists';
}

/** There is no such object (or no such kind). */
export function isNotFound(error: unknown): boolean {
  return answeredCode(error) === 404;
}

/** What was sent makes no valid object; of a JSON patch also: one of its tests does not hold. */
export function isInvalid(error: unknown): boolean {
  return answeredCode(error) === 422;
}

function answeredCode(error: unknown): number | undefined {
  return error instanceof KubernetesFault ? error.answer?.code : undefined;
}

function answered(answer: ErrorAnswer, what: string): KubernetesFault {
  const { code, reason, message, retryAfterMs } = answer;
  const again = code >= 500 || passing.includes(code);
  const heading = reason === '' ? String(code) : `${code} ${reason}`;
  return new KubernetesFault(
    again ? failureTypes.Unavailable : failureTypes.Refused,
    `cannot ${what}: ${heading}: ${message}`,
    { answer, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}

/** Some errors keep the reason, for example ECONNREFUSED, in their cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  if (typeof message !== 'string') return String(error);
  const deeper = (cause as { message?: unknown } | undefined)?.message;
  return typeof deeper === 'string' ? `${message}: ${deeper}` : message;
}
