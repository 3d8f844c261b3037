/** A long computation in short steps: whoever takes them may do something else between two. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** For whoever has nothing else to do. */
export function allAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
