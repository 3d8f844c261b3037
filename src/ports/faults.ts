import type { FailureType } from '../domain/failures.ts';

/** The one error that ports throw; its type says whether to retry (domain/failures.ts). */
export class PortFault extends Error {
  override readonly name = 'PortFault';
  readonly type: FailureType;
  /** When the other side said how long to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    type: FailureType,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.type = type;
    this.retryAfterMs = options.retryAfterMs;
  }
}
