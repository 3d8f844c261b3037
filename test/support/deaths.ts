import type { Passage } from './api-interceptor.ts';
import type { Moment } from './moments.ts';
import type { WatchedWorker } from './watched-worker.ts';

/** The names of the deaths that a worker could die at a moment. */
export type Deaths = (moment: Moment, running: ReadonlySet<string>) => readonly string[];

/** With each write decided and not sent. */
export const beforeWrites: Deaths = ({ when, write }) =>
  write !== null && when === 'before' ? [`before ${write}`] : [];

/** With each write done and not known to be. */
export const afterWrites: Deaths = ({ when, write }) =>
  write !== null && when === 'after' ? [`after ${write}`] : [];

/** With an activity begun, at the first thing that it asks somebody. */
export function inside(...types: readonly string[]): Deaths {
  return ({ to, when }, running) =>
    to !== 'temporal' && when === 'before'
      ? types.filter((it) => running.has(it)).map((it) => `inside ${it}`)
      : [];
}

/** With all of an activity done, and Temporal not told. */
export function done(...types: readonly string[]): Deaths {
  return ({ does, when, activities }) =>
    does === 'answer' && when === 'before' ? named('done', types, activities) : [];
}

/** With Temporal told, and the workflow not yet. */
export function told(...types: readonly string[]): Deaths {
  return ({ does, when, activities }) =>
    does === 'answer' && when === 'after' ? named('told', types, activities) : [];
}

/** With each of these. */
export function allOf(...all: readonly Deaths[]): Deaths {
  return (moment, running) => all.flatMap((it) => it(moment, running));
}

function named(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  return found.filter((it) => wanted.includes(it)).map((it) => `${what} ${it}`);
}

/** Lets a worker die each death once, and be followed by a new one each time. */
export class Dying {
  /** The deaths so far. */
  readonly died: string[] = [];
  readonly #worker: WatchedWorker;
  readonly #deaths: Deaths;
  /** Of the worker that is being killed, nothing gets through any more. */
  #dying = false;

  constructor(worker: WatchedWorker, deaths: Deaths) {
    this.#worker = worker;
    this.#deaths = deaths;
  }

  async at(moment: Moment): Promise<Passage> {
    if (this.#dying) return 'lost';
    const death = this.#deaths(moment, this.#worker.running).find((it) => !this.died.includes(it));
    if (death === undefined) return 'passes';
    this.died.push(death);
    this.#dying = true;
    try {
      await this.#worker.replace();
    } finally {
      this.#dying = false;
    }
    return 'lost';
  }
}
