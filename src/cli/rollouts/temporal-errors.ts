import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';

/** Where Temporal was looked for. */
export interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
}

/** What an error of Temporal's client means for somebody at the command line. */
export type TemporalTrouble =
  /** No answer at all. */
  | 'away'
  /** Temporal answered that no worker does, or that the workflow's code fails. */
  | 'noWorker'
  | 'forbidden'
  | 'noNamespace'
  | 'other';

/** By gRPC's status codes (https://grpc.io/docs/guides/status-codes/). */
const troubles: ReadonlyMap<number | undefined, TemporalTrouble> = new Map([
  /** DEADLINE_EXCEEDED */
  [4, 'away'],
  /** PERMISSION_DENIED */
  [7, 'forbidden'],
  /** FAILED_PRECONDITION */
  [9, 'noWorker'],
  /** UNAVAILABLE */
  [14, 'away'],
  /** UNAUTHENTICATED */
  [16, 'forbidden'],
]);

export function troubleOf(error: unknown): TemporalTrouble {
  if (error instanceof NamespaceNotFoundError) return 'noNamespace';
  return troubles.get(grpcCode(error)) ?? 'other';
}

function grpcCode(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause.code : undefined;
}

/** The innermost words, without gRPC's `14 UNAVAILABLE: `. */
export function wordsOf(error: unknown): string {
  const inner = error instanceof ServiceError && error.cause !== undefined ? error.cause : error;
  if (isGrpcServiceError(inner) && inner.details !== '') return inner.details;
  return inner instanceof Error ? inner.message : String(inner);
}

/** The problem to show for an error of Temporal's client; what is already a problem stays as it is. */
export function problemOf(
  error: unknown,
  { address, namespace }: TemporalPlace,
  trouble: TemporalTrouble = troubleOf(error),
): CliProblem {
  if (error instanceof CliProblem) return error;
  const problem = (message: string, hint: string) =>
    new CliProblem(exitCodes.unexpected, message, hint, error);
  switch (trouble) {
    case 'away':
      return problem(`Temporal does not answer at ${address}: ${wordsOf(error)}`, connectionHint);
    case 'forbidden':
      return problem(
        `Temporal at ${address} refuses access to its namespace ${namespace}: ${wordsOf(error)}`,
        'Set TEMPORAL_API_KEY or the TLS certificates (TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH).',
      );
    case 'noNamespace':
      return problem(
        `Temporal at ${address} has no namespace ${namespace}`,
        'Set TEMPORAL_NAMESPACE to the one that the worker uses.',
      );
    case 'noWorker':
    case 'other':
      return problem(`Temporal at ${address} answers: ${wordsOf(error)}`, '');
  }
}

export const connectionHint =
  'Set TEMPORAL_ADDRESS (host:port), or TEMPORAL_PROFILE to a profile of the Temporal CLI. For TLS and keys:\n' +
  'TEMPORAL_TLS, TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_API_KEY.';
