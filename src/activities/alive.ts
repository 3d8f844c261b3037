import { toFailure } from './failures.ts';
import { withHeart } from './heart.ts';

type Show = (details: unknown) => void;

/** Every activity has a beating heart, and tells faults in Temporal's terms. */
export async function alive<T>(
  work: (signal: AbortSignal, show: Show) => Promise<T>,
  translate: (error: unknown) => unknown = toFailure,
): Promise<T> {
  try {
    return await withHeart(work);
  } catch (error) {
    throw translate(error);
  }
}
