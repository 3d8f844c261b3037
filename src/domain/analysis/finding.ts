import type { Verdict } from './verdict.ts';

/** What one metric says about measured arms: a verdict without the fields that all metrics share. */
export type Finding = Omit<Verdict, 'metric' | 'limit'>;
