import type { Stretch } from '../../domain/series/stretches.ts';

/**
 * Time as the plots have it: every stretch at one weight is as wide as any other, for the first hour at 1 % tells as much
 * as the day at 100 %. All plots of a report share it.
 */
export class StretchAxis {
  readonly stretches: readonly Stretch[];

  constructor(stretches: readonly Stretch[]) {
    this.stretches = stretches;
  }

  /** 0 where the first stretch begins, 1 where the second does, and so on; what lies outside is put on the edge. */
  toX(atMs: number): number {
    const after = this.stretches.findIndex(({ untilMs }) => atMs < untilMs);
    const stretch = this.stretches[after];
    if (stretch === undefined) return this.stretches.length;
    const { fromMs, untilMs } = stretch;
    return after + Math.max(0, (atMs - fromMs) / (untilMs - fromMs));
  }

  /** When the stretch of that number begins; for the number behind the last, when that one ends. */
  timeOf(edge: number): number | null {
    return this.stretches[edge]?.fromMs ?? this.stretches[edge - 1]?.untilMs ?? null;
  }
}
