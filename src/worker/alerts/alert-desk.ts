import { ServiceError } from '@temporalio/client';
import { readAlert, type Request } from './address.ts';
import { alertmanager, commandOf, orderIdOf } from './command.ts';
import type { Notification } from './notification.ts';
import type { AlertResult } from './results.ts';
import type { Obedience, RunningRollout, RunningRollouts } from './running-rollouts.ts';
import type { AlertAction } from './settings.ts';

export interface AlertAnswer {
  readonly alert: string;
  /** Id of the rollout's workflow; null where the labels name none. */
  readonly rollout: string | null;
  readonly result: AlertResult;
  /** One sentence for people. */
  readonly why: string;
}

/**
 * Turns the alerts of a notification into orders to rollouts. It remembers nothing: whether an alert counts follows from
 * when it began, and what was done already Temporal knows. So a repeat is harmless, whichever worker gets it.
 */
export class AlertDesk {
  /** Known from when Temporal has answered for the first time. */
  rollouts: RunningRollouts | null = null;
  readonly #action: AlertAction;

  /** @param action of alerts that do not say. */
  constructor(action: AlertAction) {
    this.#action = action;
  }

  /** @returns an answer for each alert, in any order; never rejects. */
  async take({ alerts }: Notification): Promise<readonly AlertAnswer[]> {
    const settled: AlertAnswer[] = [];
    const requests: Request[] = [];
    for (const alert of alerts) {
      const reading = readAlert(alert, this.#action);
      if (reading.kind === 'request') {
        requests.push(reading.request);
        continue;
      }
      const { kind: result, name } = reading;
      const about =
        reading.kind === 'resolved'
          ? { rollout: reading.rollout, why: 'an alert that ends changes nothing' }
          : { rollout: null, why: reading.why };
      settled.push({ alert: name, result, ...about });
    }
    // Side by side: a rollout that does not answer must not delay the abort of another one.
    const byRollout = [...Map.groupBy(requests, ({ rollout }) => rollout)];
    const answers = await Promise.all(byRollout.map(([rollout, its]) => this.#settle(rollout, its)));
    return [...settled, ...answers.flat()];
  }

  async #settle(rollout: string, requests: readonly Request[]): Promise<readonly AlertAnswer[]> {
    if (this.rollouts === null) return answered(requests, 'unanswered', 'Temporal has not answered yet');
    try {
      return await settle(this.rollouts, rollout, requests);
    } catch (error) {
      return answered(requests, 'unanswered', wordsOf(error));
    }
  }
}

/** @param requests all of this rollout. */
async function settle(
  rollouts: RunningRollouts,
  rollout: string,
  requests: readonly Request[],
): Promise<readonly AlertAnswer[]> {
  const found = await rollouts.find(rollout);
  if (found.kind === 'none') return answered(requests, 'noRollout', found.why);
  const { run } = found;
  // What went wrong before cannot be this rollout's fault, which may be what puts it right.
  const [older, current] = split(requests, ({ beganAtMs }) => beganAtMs < run.startedAtMs);
  const past = answered(older, 'older', 'it began before the rollout did');
  const aborting = current.filter(({ action }) => action === 'abort');
  if (aborting.length === 0) return [...past, ...(await hold(rollouts, run, current))];
  const obedience = await rollouts.abort(run, commandOf(aborting));
  return [...past, ...afterwards(current, obedience, 'aborted', 'the rollout was told to abort')];
}

async function hold(
  rollouts: RunningRollouts,
  run: RunningRollout,
  requests: readonly Request[],
): Promise<readonly AlertAnswer[]> {
  if (requests.length === 0) return [];
  const { events } = await rollouts.state(run);
  const person = events.findLast(({ by }) => by !== null && by !== alertmanager);
  const sinceMs = person?.atMs ?? run.startedAtMs;
  // Who gave the rollout an order since then has seen the alert, and has decided.
  const [seen, fresh] = split(requests, ({ beganAtMs }) => beganAtMs <= sinceMs);
  const past = answered(seen, 'seen', `it began before the last order of ${person?.by ?? 'a person'}`);
  if (fresh.length === 0) return past;
  const obedience = await rollouts.hold(run, commandOf(fresh), orderIdOf(fresh));
  return [...past, ...afterwards(fresh, obedience, 'held', 'the rollout holds at its present weight')];
}

function afterwards(
  requests: readonly Request[],
  obedience: Obedience,
  result: 'aborted' | 'held',
  why: string,
): readonly AlertAnswer[] {
  return obedience.kind === 'done'
    ? answered(requests, result, why)
    : answered(requests, 'refused', obedience.why);
}

function answered(requests: readonly Request[], result: AlertResult, why: string): readonly AlertAnswer[] {
  return requests.map(({ name, rollout }) => ({ alert: name, rollout, result, why }));
}

function split<T>(all: readonly T[], isFirst: (one: T) => boolean): [readonly T[], readonly T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function wordsOf(error: unknown): string {
  const inner = error instanceof ServiceError && error.cause !== undefined ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}
