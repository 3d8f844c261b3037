import type { CliContext } from '../context.ts';
import { CliProblem } from '../problem.ts';
import { headline } from '../render/headline.ts';
import type { Ending, Reporter, View } from '../watch/follow.ts';
import { writeSummary } from './files.ts';
import { blank, endedSummary, type Summary } from './summary.ts';

/**
 * Keeps the files of --summary true while a command goes on, so that they tell how it stands also after a SIGKILL.
 * Without files it does nothing.
 */
export class SummaryRecorder {
  readonly #files: readonly string[];
  readonly #cli: Pick<CliContext, 'now' | 'terminal'>;
  #summary: Summary;
  #written = false;
  #complained = false;

  /**
   * @param first what is true before the command has done anything.
   * @throws CliProblem when a file cannot be written: better now than after the rollout.
   */
  constructor(
    files: readonly string[],
    cli: Pick<CliContext, 'now' | 'terminal'>,
    first: Partial<Summary> = {},
  ) {
    this.#files = files;
    this.#cli = cli;
    this.#summary = blank;
    this.note(first);
  }

  /** Adds what has become known. A file that cannot be written any more is told, and ends nothing. */
  note(news: Partial<Summary>): void {
    this.#summary = { ...this.#summary, ...news };
    try {
      writeSummary(this.#files, this.#summary, this.#cli.now());
      this.#written = true;
    } catch (error) {
      if (!this.#written || !(error instanceof CliProblem)) throw error;
      if (!this.#complained) this.#cli.terminal.err(`sluice: ${error.message}\n`);
      this.#complained = true;
    }
  }

  /**
   * Does the work of a command; a problem that ends it is noted.
   * @throws what the work throws.
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { standing, outcome } = this.#summary;
      const sentence = error instanceof Error ? error.message : String(error);
      if (outcome === null)
        this.note({ standing: standing === 'notStarted' ? standing : 'unknown', sentence });
      throw error;
    }
  }

  /** Notes each new standing of a rollout that is watched, and its end. */
  reporter(): Reporter {
    let last: View | null = null;
    let noted = '';
    const wayOf = ({ state, nowMs }: View): Partial<Summary> =>
      state === null ? {} : { state, plan: state.plan, sentence: headline(state, nowMs) };
    return {
      view: (view) => {
        const { state } = view;
        last = view;
        const present = state === null ? '' : `${state.status} ${state.phase ?? ''} ${state.weightPercent}`;
        if (present !== noted) this.note({ standing: 'running', ...wayOf(view) });
        noted = present;
      },
      end: (ending) => {
        this.note({ ...(last === null ? {} : wayOf(last)), ...endOf(ending, last) });
      },
    };
  }
}

function endOf(ending: Ending, last: View | null): Partial<Summary> {
  switch (ending.kind) {
    case 'ended':
      return endedSummary(ending.outcome);
    case 'cutOff':
      return {
        standing: 'cutOff',
        sentence: `${ending.how}. Nobody rolled anything back: route and canary are as they were`,
      };
    case 'interrupted': {
      const state = last?.state ?? null;
      const where = state === null || last === null ? '' : `: ${headline(state, last.nowMs)}`;
      return { standing: 'running', sentence: `watching has ended, the rollout goes on${where}` };
    }
  }
}
