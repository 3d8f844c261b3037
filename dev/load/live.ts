import type { RequestRecord } from './record.ts';
import { type Tally, tally, tallyArms } from './report.ts';

/**
 * What happened during one second, told right after it. Unlike the report,
 * which groups by intended send time, this groups requests by the second in
 * which they ended: an answer that is late shows when it comes.
 */
export interface LiveSecond {
  /** [second, second + 1) after the start. */
  second: number;
  /** Requests sent during this second. */
  sent: number;
  /** Requests sent and not ended at the end of this second. */
  inFlight: number;
  /** Requests that ended during this second. */
  total: Tally;
  arms: Record<string, Tally>;
}

export interface LiveOptions {
  /** Milliseconds since the start of the load. */
  now: () => number;
  onSecond: (second: LiveSecond) => void;
}

/** Tells each second once, in order, none left out. Call `finish` when no more requests can end. */
export class LiveSeconds {
  readonly #now: () => number;
  readonly #onSecond: (second: LiveSecond) => void;
  readonly #sentIn = new Map<number, number>();
  #ended: RequestRecord[] = [];
  #inFlight = 0;
  #second = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ now, onSecond }: LiveOptions) {
    this.#now = now;
    this.#onSecond = onSecond;
    this.#wait();
  }

  sent(sentMs: number): void {
    const second = Math.floor(sentMs / 1000);
    this.#sentIn.set(second, (this.#sentIn.get(second) ?? 0) + 1);
  }

  ended(record: RequestRecord): void {
    this.#ended.push(record);
  }

  /** Tells what is left, the unfinished last second included, and stops. */
  finish(): void {
    clearTimeout(this.#timer);
    const last = Math.floor(this.#now() / 1000);
    this.#tellUntil(last);
    if (this.#sentIn.size > 0 || this.#ended.length > 0) this.#tellUntil(last + 1);
  }

  #wait(): void {
    const leftMs = (this.#second + 1) * 1000 - this.#now();
    this.#timer = setTimeout(
      () => {
        this.#tellUntil(Math.floor(this.#now() / 1000));
        this.#wait();
      },
      Math.max(1, leftMs),
    );
  }

  /** Tells the seconds before this one that are not told yet; more than one after a stall. */
  #tellUntil(second: number): void {
    while (this.#second < second) this.#tell();
  }

  #tell(): void {
    const second = this.#second++;
    const sent = this.#sentIn.get(second) ?? 0;
    this.#sentIn.delete(second);
    const own = this.#ended.filter((it) => it.endedMs < (second + 1) * 1000);
    this.#ended = this.#ended.slice(own.length);
    this.#inFlight += sent - own.length;
    this.#onSecond({ second, sent, inFlight: this.#inFlight, total: tally(own), arms: tallyArms(own) });
  }
}
