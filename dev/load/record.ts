/**
 * How a request failed. The first reason wins, and a request has one at most:
 *
 * - `status_<code>`: the response had a status other than 200, whatever became of its body
 * - `connect`: refused, reset or closed before any response headers
 * - `reset`: broken after the headers, before the body ended
 * - `stream_error`: status 200, then an event that carries an error
 * - `truncated`: the stream ended in good order, without `data: [DONE]`
 * - `timeout`: not ended within the request timeout
 * - `bad_answer`: status 200 with something that is not a completion
 */
export type FailureKind =
  `status_${number}` | 'connect' | 'reset' | 'stream_error' | 'truncated' | 'timeout' | 'bad_answer';

/** How a request ended; `detail` is for people, programs look at `failure`. */
export type Ending = { failure: null } | { failure: FailureKind; detail: string };

/** Requests that never got response headers: nobody answered them. */
export const NO_ARM = 'none';
/** Answers without the arm header. */
export const UNKNOWN_ARM = 'unknown';

/** One request that was sent and has ended. Times are milliseconds from the start of the load. */
export interface RequestRecord {
  /** Number of the request, from 0, in the order of sending. */
  id: number;
  /** The arm that answered, or `NO_ARM`, or `UNKNOWN_ARM`. */
  arm: string;
  stream: boolean;
  /** When the schedule wanted it sent; latency counts from here. */
  intendedMs: number;
  /** When it was sent; later than intended where the generator fell behind. */
  sentMs: number;
  /** When the first chunk with text arrived; null where none did, and without streaming. */
  firstTokenMs: number | null;
  /** When it was known how the request ended; for a good stream, the arrival of `[DONE]`. */
  endedMs: number;
  /** Chunks with text that a stream brought; 0 without streaming. */
  chunks: number;
  /** Completion tokens as the server counted them (`usage`); 0 where it did not say. */
  tokens: number;
  ending: Ending;
}
