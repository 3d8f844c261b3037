import type { PairRecord } from '../judge-one.ts';
import { Transcripts, type TranscriptsOptions } from './transcripts.ts';

/** What became of a run's transcript. */
export interface Kept {
  /** Null: there is none. */
  readonly reference: string | null;
  /** What is wrong with it, as a sentence; null: nothing. */
  readonly problem: string | null;
}

/** The transcript of a run that goes on without it, too: what is wrong is told once, and nothing is thrown. */
export class Keeping {
  readonly #transcripts: Transcripts | null;
  readonly #warn: (text: string) => void;
  #problem: string | null = null;

  private constructor(transcripts: Transcripts | null, warn: (text: string) => void) {
    this.#transcripts = transcripts;
    this.#warn = warn;
  }

  /** @param options null: none is to be kept. @param warn gets what is wrong. */
  static async open(options: TranscriptsOptions | null, warn: (text: string) => void): Promise<Keeping> {
    if (options === null) return new Keeping(null, warn);
    try {
      return new Keeping(await Transcripts.open(options), warn);
    } catch (error) {
      const keeping = new Keeping(null, warn);
      keeping.#tell(`no transcript is kept: ${codeOf(error)}`);
      return keeping;
    }
  }

  async write(record: PairRecord): Promise<void> {
    if (this.#problem !== null) return;
    try {
      await this.#transcripts?.write(record);
    } catch (error) {
      this.#tell(`the transcript ends early: ${codeOf(error)}`);
    }
  }

  async close(): Promise<Kept> {
    try {
      await this.#transcripts?.close();
    } catch (error) {
      this.#tell(`the transcript may lack its end: ${codeOf(error)}`);
    }
    return { reference: this.#transcripts?.reference ?? null, problem: this.#problem };
  }

  #tell(problem: string): void {
    if (this.#problem !== null) return;
    this.#problem = problem;
    this.#warn(problem);
  }
}

/** Of the file system or the network its code, of a store its error's name: what a message holds nobody knows. */
function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  const said = code ?? name;
  return /^\w{1,60}$/.test(said) ? said : 'an error without a code';
}
