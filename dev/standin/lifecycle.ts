import { Server as HttpServer, type ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

/** One line for the log. */
export interface LifecycleEvent {
  readonly event: 'listening' | 'ready' | 'draining' | 'stopped';
  readonly [detail: string]: string | number;
}

export type Log = (event: LifecycleEvent) => void;

/** Where a server stands between its start and its end. */
export class Lifecycle {
  readonly #startedMs = performance.now();
  readonly #startupDelayMs: () => number;
  readonly #log: Log;
  #startupTimer: NodeJS.Timeout | undefined;
  #saidReady = false;
  #draining = false;
  #open = 0;
  #onIdle: (() => void) | undefined;

  /** @param startupDelayMs read anew each time, counted from now; call `watchStartup` after a change */
  constructor(startupDelayMs: () => number, log: Log) {
    this.#startupDelayMs = startupDelayMs;
    this.#log = log;
  }

  get starting(): boolean {
    return this.#startupLeftMs > 0;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Says "ready" once, when the start-up delay is over. */
  watchStartup(): void {
    clearTimeout(this.#startupTimer);
    if (this.starting) {
      this.#startupTimer = setTimeout(() => {
        this.watchStartup();
      }, Math.ceil(this.#startupLeftMs));
      this.#startupTimer.unref();
    } else if (!this.#saidReady) {
      this.#saidReady = true;
      this.#log({ event: 'ready', afterMs: Math.round(performance.now() - this.#startedMs) });
    }
  }

  /** Counts a request as running until its response ends or its client leaves. */
  track(response: ServerResponse): void {
    this.#open += 1;
    response.once('close', () => {
      this.#open -= 1;
      if (this.#open === 0) this.#onIdle?.();
    });
  }

  /**
   * Takes no new connection, lets running requests end, then closes every connection.
   * @param timeoutMs how long to wait for them, 0 or more
   * @returns how many requests were cut off
   */
  async drain(server: HttpServer, timeoutMs: number): Promise<number> {
    clearTimeout(this.#startupTimer);
    this.#draining = true;
    this.#log({ event: 'draining', running: this.#open });
    // Not http.Server's own close: that one drops idle keep-alive connections under the hands of clients
    // about to use them, where these still get an answer, with `connection: close`.
    NetServer.prototype.close.call(server);
    await this.#idle(timeoutMs);
    const cut = this.#open;
    server.closeAllConnections();
    // Stops the timers that http.Server keeps; the listener is closed already.
    server.close();
    return cut;
  }

  get #startupLeftMs(): number {
    return this.#startedMs + this.#startupDelayMs() - performance.now();
  }

  #idle(timeoutMs: number): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
