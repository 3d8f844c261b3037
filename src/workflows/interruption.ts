import { ActivityFailure, ApplicationFailure, isCancellation, rootCause } from '@temporalio/workflow';
import { failureTypes } from '../domain/failures.ts';
import type { Verdict } from '../domain/analysis/verdict.ts';
import type { EndReason } from '../domain/rollout/state.ts';

/** Why a rollout does not go on; the first one counts. */
export interface Interruption {
  readonly reason: EndReason;
  readonly sentence: string;
  readonly evidence: readonly Verdict[];
}

/** Thrown inside of the workflow to leave whatever it was doing; never leaves the workflow itself. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly interruption: Interruption;

  constructor(interruption: Interruption) {
    super(interruption.sentence);
    this.interruption = interruption;
  }
}

/** What a caught error means for the rollout. */
export function interruptionOf(error: unknown): Interruption {
  if (error instanceof Interrupted) return error.interruption;
  if (isCancellation(error)) return { reason: 'cancel', sentence: 'cancelled in Temporal', evidence: [] };
  const { type, message } = failureOf(error);
  if (type === failureTypes.ForeignChange)
    return { reason: 'foreignChange', sentence: message, evidence: [] };
  return { reason: 'error', sentence: type === null ? message : `${type}: ${message}`, evidence: [] };
}

/** What an activity's failure says; type null when it is of no type of ours. */
export function failureOf(error: unknown): { readonly type: string | null; readonly message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure && cause.type ? cause.type : null;
  return { type, message: rootCause(error) ?? String(error) };
}
