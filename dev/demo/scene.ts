import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { RolloutEvent, RolloutState } from '../../src/domain/rollout/state.ts';
import { status } from '../../src/workflows/messages.ts';
import { bold } from './bar.ts';

/** Follows one rollout: what it asks for now, and what happened to it. */
export class Scene {
  #state: RolloutState | null = null;
  readonly #handle: WorkflowHandle;
  readonly #print: (line: string) => void;

  constructor(handle: WorkflowHandle, print: (line: string) => void) {
    this.#handle = handle;
    this.#print = print;
  }

  /** Percent asked for the canary now; null once the release is on its way to be stable: then no weight leads to it. */
  get weightPercent(): number | null {
    const { status: now = 'preparing', weightPercent = 0 } = this.#state ?? {};
    return now === 'finishing' || now === 'promoted' ? null : weightPercent;
  }

  /** Prints what happens until `done` says so or the rollout has ended. */
  async follow(done: (state: RolloutState) => boolean = () => false): Promise<RolloutState> {
    for (;;) {
      // A worker that has just started does not answer yet.
      const state = await this.#handle.query(status).catch(() => null);
      if (state !== null) {
        const told = this.#state?.events.length ?? 0;
        for (const event of state.events.slice(told)) this.#print(bold(`  » ${event.what}`));
        this.#state = state;
        if (state.outcome !== null || done(state)) return state;
      }
      await delay(200);
    }
  }
}

/** Milliseconds from the first event that begins with `from` to the first that begins with `to`; null without both. */
export function millisecondsBetween(
  events: readonly RolloutEvent[],
  from: string,
  to: string,
): number | null {
  const at = (text: string) => events.find((it) => it.what.startsWith(text))?.atMs;
  const [start, end] = [at(from), at(to)];
  return start === undefined || end === undefined ? null : end - start;
}
