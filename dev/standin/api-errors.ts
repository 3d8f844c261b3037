/** The body of every vLLM error answer. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: number;
  };
}

/** Builds an error body; `code` repeats the HTTP status. */
export function errorBody(
  code: number,
  type: string,
  message: string,
  param: string | null = null,
): ErrorBody {
  return { error: { message, type, param, code } };
}

/** What vLLM answers for a fault inside the engine, also in the middle of a stream. */
export const engineFault = errorBody(500, 'InternalServerError', 'Internal server error');

/** The answers of injected refusals, by status. */
export const injected = {
  400: errorBody(
    400,
    'BadRequestError',
    "This model's maximum context length is 512 tokens. However, your request has more input tokens. " +
      'Please reduce the length of the input messages. (injected by the stand-in)',
    'input_tokens',
  ),
  429: errorBody(429, 'Too Many Requests', 'Too many requests are queued. (injected by the stand-in)'),
  500: errorBody(500, 'InternalServerError', 'Internal server error (injected by the stand-in)'),
} as const;

/** Framework-level answers, named by the status phrase as vLLM's HTTPException handler does. */
export const notFound = errorBody(404, 'Not Found', 'Not Found');
export const methodNotAllowed = errorBody(405, 'Method Not Allowed', 'Method Not Allowed');
export const starting = errorBody(503, 'Service Unavailable', 'The engine is still starting');
