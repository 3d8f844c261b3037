import type { Plan } from '../../src/domain/plan/plan.ts';
import type { JudgeJobsPort, JudgeJobState, JudgeTry } from '../../src/ports/judge-jobs.ts';

/** Jobs that judge as a test says, and that note what was asked of them. */
export class FakeJudgeJobs implements JudgeJobsPort {
  /** `start 0/1`: phase (as index) and attempt. */
  readonly asked: string[] = [];
  /** What `inspect` finds. */
  problems: readonly string[] = [];
  /** Of tries that {@link says} says nothing about. */
  otherwise: JudgeJobState = { kind: 'running', what: 'pod is running' };
  /** Thrown by the call of this name: `inspect`, `start`, `look`, `removeAll`. */
  readonly faults = new Map<string, () => Error | null>();
  readonly #started = new Set<string>();
  readonly #states = new Map<string, JudgeJobState[]>();

  /** What looks at a try see once it is started, one after the other; the last one stays. */
  says(which: JudgeTry, ...states: JudgeJobState[]): void {
    this.#states.set(nameOf(which), states);
  }

  /** Tries whose Jobs are there, as `asked` names them. */
  get jobs(): readonly string[] {
    return [...this.#started];
  }

  /** Somebody else removes a Job. */
  vanish(which: JudgeTry): void {
    this.#started.delete(nameOf(which));
  }

  inspect(plan: Plan): Promise<readonly string[]> {
    return this.#ask('inspect', '', () => (plan.judge === null ? [] : this.problems));
  }

  start(_: Plan, which: JudgeTry): Promise<void> {
    return this.#ask('start', nameOf(which), () => {
      this.#started.add(nameOf(which));
    });
  }

  look(_: Plan, which: JudgeTry): Promise<JudgeJobState> {
    return this.#ask('look', nameOf(which), () => {
      if (!this.#started.has(nameOf(which))) return { kind: 'absent' };
      const states = this.#states.get(nameOf(which)) ?? [];
      return (states.length > 1 ? states.shift() : states[0]) ?? this.otherwise;
    });
  }

  removeAll(): Promise<void> {
    return this.#ask('removeAll', '', () => {
      this.#started.clear();
    });
  }

  #ask<T>(what: string, which: string, answer: () => T): Promise<T> {
    this.asked.push(which === '' ? what : `${what} ${which}`);
    const fault = this.faults.get(what)?.();
    return fault ? Promise.reject(fault) : Promise.resolve(answer());
  }
}

function nameOf({ phase, attempt }: JudgeTry): string {
  return `${phase}/${attempt}`;
}
