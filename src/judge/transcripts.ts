import { open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { redact } from '../domain/judge/redact.ts';
import type { JudgeConfig } from '../domain/judge/config.ts';
import type { PairRecord } from './judge-one.ts';

export interface TranscriptsOptions {
  readonly place: NonNullable<JudgeConfig['transcripts']>;
  /** Of the run; the file is named for it. */
  readonly run: string;
  readonly promptsSha256: string;
  /** Must not be found in a transcript, whatever an answer says. */
  readonly apiKey: string | null;
  readonly nowMs: number;
}

/** Letters, digits, dots, dashes and underscores, no dot first: so it is a file's name on every system. */
export const runName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Names that this program gives: other files of the folder are somebody else's. */
const ours = /-[0-9a-f]{12}\.jsonl$/;

/**
 * Writes what was said, a JSON line a pair, as it comes: of a Job that is killed there is what it got to. Personal data and
 * secrets are masked. Its file is the owner's alone; a second run of the same name and prompts begins it anew.
 */
export class Transcripts {
  /** The file's name, which says nothing about its content. */
  readonly reference: string;
  readonly #file: FileHandle;
  readonly #apiKey: string | null;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, reference: string, apiKey: string | null) {
    this.#file = file;
    this.reference = reference;
    this.#apiKey = apiKey;
  }

  /** Opens the file, and removes those of earlier runs that are too old. @throws what the file system says */
  static async open({ place, run, promptsSha256, apiKey, nowMs }: TranscriptsOptions): Promise<Transcripts> {
    const reference = `${run}-${promptsSha256.slice(0, 12)}.jsonl`;
    await removeOld(place.folder, nowMs - place.keepMs, reference);
    const itself = path.join(place.folder, reference);
    // One that is there would keep the rights that it has, and not every volume lets them be changed: a bucket's does not.
    await rm(itself, { force: true });
    const file = await open(itself, 'wx', 0o600);
    return new Transcripts(file, reference, apiKey);
  }

  /** @throws what the file system says */
  write(record: PairRecord): Promise<void> {
    // One after the other: lines written at the same time could run into each other.
    this.#written = this.#written.then(() => this.#append(record));
    return this.#written;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #append({ pair, planned, answers, votes, why }: PairRecord): Promise<void> {
    const { id, category, kind, judgement, lostBy } = pair;
    const line = {
      ...{ id, category, kind },
      messages: planned.prompt.messages,
      reference: planned.prompt.reference,
      answers,
      votes: votes.map(({ text }) => text),
      ...{ judgement, lostBy, why },
    };
    await this.#file.appendFile(`${JSON.stringify(line, this.#masked)}\n`);
  }

  /** Text by text: what is masked in the JSON of the whole could break it. */
  readonly #masked = (_field: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    return redact(this.#apiKey === null ? value : value.replaceAll(this.#apiKey, '[secret]'));
  };
}

async function removeOld(folder: string, beforeMs: number, besides: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!ours.test(name) || name === besides) continue;
    const file = path.join(folder, name);
    const { mtimeMs } = await stat(file);
    // Gone already when another Job tidies at the same time.
    if (mtimeMs < beforeMs) await rm(file, { force: true });
  }
}
