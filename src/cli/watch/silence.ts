import { span } from '../../domain/rollout/span.ts';
import type { Sight } from '../rollouts/rollouts.ts';

/** Nobody has answered for a while. */
export interface Silence {
  readonly who: 'worker' | 'Temporal';
  readonly why: string;
  readonly sinceMs: number;
}

/** The silence after this sight, if any: it goes on from the first look that got no answer. */
export function silenceAfter(before: Silence | null, sight: Sight, nowMs: number): Silence | null {
  if (sight.kind !== 'noWorker' && sight.kind !== 'noTemporal') return null;
  const who = sight.kind === 'noWorker' ? 'worker' : 'Temporal';
  return { who, why: sight.why, sinceMs: before?.sinceMs ?? nowMs };
}

/** `no answer from the worker for 12 s: ...` */
export function silenceText({ who, why, sinceMs }: Silence, nowMs: number): string {
  const whom = who === 'worker' ? 'the worker' : who;
  return `no answer from ${whom} for ${span(nowMs - sinceMs)} (${why}); trying on`;
}
