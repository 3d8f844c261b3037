import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { arrivals } from './arrivals.ts';
import { type LiveSecond, LiveSeconds } from './live.ts';
import { type LoadOptions, type ResolvedLoadOptions, resolveLoadOptions } from './options.ts';
import { seededRandom } from '../../src/domain/simulation/random.ts';
import type { RequestRecord } from './record.ts';
import { buildReport, type LoadReport } from './report.ts';
import { sendRequest } from './request.ts';

export interface LoadHooks {
  /** Stops sending when aborted; what is in flight still ends and counts. */
  signal?: AbortSignal;
  /** Hears of each second right after it; must not throw. */
  onSecond?: (second: LiveSecond) => void;
}

/** Load that is being sent in the background. */
export interface RunningLoad {
  /**
   * The report once everything sent has ended: after `durationMs`, `stop` or
   * the signal, and at most `timeoutMs` later. Rejects only with what a
   * `prompt` function threw, or a LoadCountError.
   */
  readonly done: Promise<LoadReport>;
  /** Stops sending and waits for `done`; a second call returns the same. */
  stop(): Promise<LoadReport>;
  /** The report so far. What is in flight is only in `sent` and `inFlight`. */
  snapshot(): LoadReport;
}

/**
 * Sends load at a fixed rate for `durationMs`, or until the signal, and
 * reports. Without either it never ends.
 *
 * @throws LoadOptionsError before anything is sent.
 */
export async function runLoad(options: LoadOptions, hooks: LoadHooks = {}): Promise<LoadReport> {
  return startLoad(options, hooks).done;
}

/**
 * Starts sending load in the background.
 *
 * @throws LoadOptionsError before anything is sent.
 */
export function startLoad(options: LoadOptions, hooks: LoadHooks = {}): RunningLoad {
  const run = new Run(resolveLoadOptions(options), hooks);
  const done = run.finished();
  // Whoever waits for `done` or calls `stop` gets the error; nobody else should end the process by it.
  done.catch(() => undefined);
  return {
    done,
    stop: () => {
      run.stop();
      return done;
    },
    snapshot: () => run.report(),
  };
}

/** Sends that go out in a row while behind schedule, before answers get their turn. */
const BURST = 32;
/** Told apart from `seed`, so that streaming and prompts do not follow the spacing. */
const CHOICES_SEED = 0x5eed;

/** Open loop: the schedule alone decides when to send, answers never do. */
class Run {
  readonly #options: ResolvedLoadOptions;
  readonly #agent: Agent;
  readonly #live: LiveSeconds;
  readonly #choose: () => number;
  readonly #stopping = new AbortController();
  readonly #stopped: AbortSignal;
  readonly #open = new Set<Promise<void>>();
  readonly #records: RequestRecord[] = [];
  readonly #startedAt = new Date();
  readonly #zero = performance.now();
  #elapsedMs: number | undefined;
  #sent = 0;
  #inFlight = 0;
  #maxLatenessMs = 0;

  constructor(options: ResolvedLoadOptions, { signal, onSecond }: LoadHooks) {
    this.#options = options;
    this.#agent = createAgent(options);
    this.#choose = seededRandom(options.seed ^ CHOICES_SEED);
    this.#stopped = signal ? AbortSignal.any([this.#stopping.signal, signal]) : this.#stopping.signal;
    this.#live = new LiveSeconds({ now: this.#now, onSecond: onSecond ?? (() => undefined) });
  }

  async finished(): Promise<LoadReport> {
    try {
      await this.#sendAll();
    } finally {
      // Bounded: each request has its own timeout.
      await Promise.all(this.#open);
      this.#elapsedMs = this.#now();
      this.#live.finish();
      await this.#agent.destroy();
    }
    return this.report();
  }

  stop(): void {
    this.#stopping.abort();
  }

  report(): LoadReport {
    return buildReport({
      startedAt: this.#startedAt,
      elapsedMs: this.#elapsedMs ?? this.#now(),
      sent: this.#sent,
      inFlight: this.#inFlight,
      maxLatenessMs: this.#maxLatenessMs,
      records: this.#records,
    });
  }

  readonly #now = (): number => performance.now() - this.#zero;

  async #sendAll(): Promise<void> {
    for (const intendedMs of arrivals(this.#options, seededRandom(this.#options.seed))) {
      await this.#waitUntil(intendedMs);
      if (this.#stopped.aborted) return;
      this.#send(intendedMs);
    }
  }

  async #waitUntil(intendedMs: number): Promise<void> {
    if (this.#sent % BURST === 0) await yieldToEvents();
    // Timers have whole milliseconds and may fire a little early: look again.
    for (let leftMs = intendedMs - this.#now(); leftMs > 0; leftMs = intendedMs - this.#now()) {
      if (this.#stopped.aborted) return;
      // Rejects only by the signal, which the loop sees.
      await sleep(leftMs, undefined, { signal: this.#stopped }).catch(() => undefined);
    }
  }

  #send(intendedMs: number): void {
    const id = this.#sent;
    const stream = this.#choose() < this.#options.streamShare;
    const prompt = this.#options.prompt(id, this.#choose);
    const sentMs = this.#now();
    this.#maxLatenessMs = Math.max(this.#maxLatenessMs, sentMs - intendedMs);
    this.#sent++;
    this.#inFlight++;
    this.#live.sent(sentMs);
    const closed = sendRequest(
      { id, intendedMs, sentMs, stream, prompt },
      { agent: this.#agent, options: this.#options, now: this.#now, onEnd: this.#onEnd },
    );
    this.#open.add(closed);
    void closed.then(() => this.#open.delete(closed));
  }

  readonly #onEnd = (record: RequestRecord): void => {
    this.#inFlight--;
    this.#records.push(record);
    this.#live.ended(record);
  };
}

function createAgent({ timeoutMs }: ResolvedLoadOptions): Agent {
  return new Agent({
    // As many as the open loop needs: a limit would queue requests here and hide a slow server.
    connections: null,
    pipelining: 1,
    // HTTP/2 would put all requests on one connection.
    allowH2: false,
    // Usual servers keep an idle connection for 5 s and more. Leaving first means that a
    // connection closed just as we send is the server's doing, and counts as what it is.
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    // Without it a connection that never opens would outlive its request and keep the process.
    connect: { timeout: timeoutMs },
  });
}
