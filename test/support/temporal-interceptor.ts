import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What becomes of a request, or of its answer; what is `lost` is never seen again. */
export type Passage = 'passes' | 'lost';

/** One request of a worker to Temporal. */
export interface TemporalCall {
  /** For example `RespondActivityTaskCompleted`. */
  readonly method: string;
  /** The message as it is on the wire; names in it can be read. */
  readonly message: Buffer;
  /** What Temporal answered; empty before it has. */
  readonly answer: Buffer;
}

export interface TemporalHooks {
  /** Before the request goes on. */
  readonly before: (call: TemporalCall) => Promise<Passage>;
  /** When Temporal has done it, before the worker hears. */
  readonly after: (call: TemporalCall) => Promise<Passage>;
}

/** A way to a real Temporal on which a worker's requests, and their answers, can be held and lost. */
export interface TemporalInterceptor {
  /** As in TEMPORAL_ADDRESS. */
  readonly address: string;
  /** Cuts what is connected, as a network does; who tries again gets through. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts one in front of a Temporal, `host:port`. It knows calls of one request and one answer: workers make no others. */
export async function startTemporalInterceptor(
  upstream: string,
  hooks: TemporalHooks,
): Promise<TemporalInterceptor> {
  const sessions = new Set<http2.Http2Session>();
  const front = http2.createServer();
  front.on('session', (session) => {
    const server = http2.connect(`http://${upstream}`);
    for (const [one, other] of [
      [session, server],
      [server, session],
    ] as const) {
      sessions.add(one);
      one.on('error', () => undefined);
      // A worker that was killed must not go on polling.
      one.on('close', () => {
        sessions.delete(one);
        other.destroy();
      });
    }
    session.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      pass(stream, headers, server, hooks).catch(() => {
        stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      });
    });
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const cut = () => {
    for (const session of sessions) session.destroy();
  };
  return {
    address: `127.0.0.1:${(front.address() as AddressInfo).port}`,
    cut,
    close: async () => {
      cut();
      front.close();
      await once(front, 'close');
    },
  };
}

async function pass(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  server: http2.ClientHttp2Session,
  hooks: TemporalHooks,
): Promise<void> {
  const body = Buffer.concat((await stream.toArray()) as Buffer[]);
  const call = {
    method: headers[':path']?.split('/').at(-1) ?? '',
    message: messageOf(body),
    answer: Buffer.of(),
  };
  if ((await hooks.before(call)) === 'lost') return;
  const upstream = server.request(headers, { endStream: false });
  upstream.on('error', () => undefined);
  stream.on('close', () => {
    upstream.close(http2.constants.NGHTTP2_CANCEL);
  });
  let trailers: http2.IncomingHttpHeaders = {};
  upstream.on('trailers', (found: http2.IncomingHttpHeaders) => {
    trailers = found;
  });
  upstream.end(body);
  const [answered, flags] = (await once(upstream, 'response')) as [http2.IncomingHttpHeaders, number];
  const answer = Buffer.concat((await upstream.toArray()) as Buffer[]);
  if ((await hooks.after({ ...call, answer: messageOf(answer) })) === 'lost' || stream.destroyed) return;
  if ((flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
    stream.respond(answered, { endStream: true });
    return;
  }
  stream.respond(answered, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers(trailers);
  });
  stream.end(answer);
}

/** Of a gRPC frame: one byte that says whether it is compressed, four of length, the message. */
function messageOf(body: Buffer): Buffer {
  const message = body.subarray(5);
  return body[0] === 1 ? gunzipSync(message) : message;
}
