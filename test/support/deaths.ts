import type { Moment } from './moments.ts';
import type { Passage } from './temporal-interceptor.ts';
import type { WatchedWorker } from './watched-worker.ts';

/** The names of the deaths that a worker could die at a moment. */
export type Deaths = (moment: Moment, running: ReadonlySet<string>) => readonly string[];

/**
 * With every second write decided and not sent (`before`), or done and not known to be (`after`).
 * @param first which ones: 0 is the first write that it hears of, the third, the fifth...
 */
export function everySecondWrite(wanted: 'before' | 'after', first: 0 | 1): Deaths {
  const writes: string[] = [];
  return ({ when, write }) => {
    if (write === null) return [];
    if (!writes.includes(write)) writes.push(write);
    const isMeant = writes.indexOf(write) % 2 === first && when === wanted;
    return isMeant ? [`${when} ${write}`] : [];
  };
}

/** With the guards at their n-th look. */
export function inTheBake(looks: number): Deaths {
  let seen = 0;
  return ({ to, when }) => {
    if (to !== 'prometheus' || when !== 'before') return [];
    seen += 1;
    return seen >= looks ? ['in the bake'] : [];
  };
}

/** With an activity begun, at the first thing that it asks somebody. */
export function inside(...types: readonly string[]): Deaths {
  return ({ to, when }, running) =>
    to !== 'temporal' && when === 'before' ? named('inside', types, [...running]) : [];
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

/** With these, in an activity of this type. */
export function onlyIn(type: string, deaths: Deaths): Deaths {
  return (moment, running) =>
    running.has(type) || moment.activities.includes(type) ? deaths(moment, running) : [];
}

/** With these, at writes of such names. */
export function onlyAt(names: RegExp, deaths: Deaths): Deaths {
  return (moment, running) => (names.test(moment.write ?? '') ? deaths(moment, running) : []);
}

function named(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  return found.filter((it) => wanted.includes(it)).map((it) => `${what} ${it}`);
}

/** Lets workers die each death once, whoever comes to it, and be followed by a new one each time. */
export class Dying {
  /** The deaths so far, and the types of the activities that the worker was in. */
  readonly died: { readonly death: string; readonly running: readonly string[] }[] = [];
  readonly #deaths: Deaths;
  /** Of a worker that is being killed, nothing gets through any more. */
  readonly #dying = new Set<WatchedWorker>();

  constructor(deaths: Deaths) {
    this.#deaths = deaths;
  }

  async at(moment: Moment, worker: WatchedWorker): Promise<Passage> {
    if (this.#dying.has(worker)) return 'lost';
    const { running } = worker;
    const isNew = (death: string) => !this.died.some((it) => it.death === death);
    const death = this.#deaths(moment, running).find(isNew);
    if (death === undefined) return 'passes';
    this.died.push({ death, running: [...running] });
    this.#dying.add(worker);
    try {
      await worker.replace();
    } finally {
      this.#dying.delete(worker);
    }
    return 'lost';
  }
}
