import type { JudgeProgress } from './outcome.ts';
import type { PairRecord } from './judge-one.ts';

/** Follows how far judging is. */
export class Tally {
  #progress: JudgeProgress;

  constructor(planned: number) {
    this.#progress = { done: 0, planned, lost: 0, wins: 0, losses: 0, ties: 0, lastLoss: null };
  }

  add({ pair, why }: PairRecord): JudgeProgress {
    const { done, lost, wins, losses, ties, lastLoss } = this.#progress;
    const winner = pair.kind === 'arms' ? pair.judgement?.winner : undefined;
    this.#progress = {
      planned: this.#progress.planned,
      done: done + 1,
      lost: lost + (pair.judgement === null ? 1 : 0),
      wins: wins + (winner === 'canary' ? 1 : 0),
      losses: losses + (winner === 'stable' ? 1 : 0),
      ties: ties + (winner === 'tie' ? 1 : 0),
      lastLoss: pair.lostBy === null ? lastLoss : `${pair.lostBy}: ${why ?? 'lost'}`,
    };
    return this.#progress;
  }
}
