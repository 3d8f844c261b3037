import type { TranscriptsConfig } from '../../domain/judge/config.ts';
import { redact } from '../../domain/judge/redact.ts';
import type { PairRecord } from '../judge-one.ts';
import type { BucketKeys } from './bucket.ts';
import { openFile } from './folder.ts';
import { transcriptName, type Sheet, type SheetOrder } from './sheet.ts';

export interface TranscriptsOptions {
  readonly place: TranscriptsConfig;
  /** Of a bucket. */
  readonly keys: BucketKeys | null;
  /** Of the run; it is named for it. */
  readonly run: string;
  readonly promptsSha256: string;
  /** Must not be found in a transcript, whatever an answer says. */
  readonly secrets: readonly string[];
  readonly nowMs: number;
}

/**
 * Writes what was said, a JSON line a pair, as it comes. Personal data and secrets are masked. A second run of the same
 * name and prompts begins it anew.
 */
export class Transcripts {
  readonly #sheet: Sheet;
  readonly #secrets: readonly string[];
  #written: Promise<void> = Promise.resolve();

  private constructor(sheet: Sheet, secrets: readonly string[]) {
    this.#sheet = sheet;
    this.#secrets = secrets;
  }

  /** Opens it, and removes those of earlier runs whose time is over. @throws what the file system or the store says */
  static async open({ place, keys, run, ...options }: TranscriptsOptions): Promise<Transcripts> {
    const order = {
      name: transcriptName(run, options.promptsSha256, place.keepMs),
      tidyAtMs: place.keepMs === null ? null : options.nowMs,
    };
    return new Transcripts(await openSheet(place, keys, order), options.secrets);
  }

  /** Says nothing about its content. */
  get reference(): string {
    return this.#sheet.reference;
  }

  /** @throws what the file system or the store says */
  write(record: PairRecord): Promise<void> {
    // One after the other: lines written at the same time could run into each other.
    this.#written = this.#written.then(() => this.#sheet.append(this.#lineOf(record)));
    return this.#written;
  }

  /** @throws what the file system or the store says */
  async close(): Promise<void> {
    await this.#sheet.close();
  }

  #lineOf({ pair, planned, answers, votes, why }: PairRecord): string {
    const { id, category, kind, judgement, lostBy } = pair;
    const line = {
      ...{ id, category, kind },
      messages: planned.prompt.messages,
      reference: planned.prompt.reference,
      answers,
      votes: votes.map(({ text }) => text),
      ...{ judgement, lostBy, why },
    };
    return `${JSON.stringify(line, this.#masked)}\n`;
  }

  /** Text by text: what is masked in the JSON of the whole could break it. */
  readonly #masked = (_field: string, value: unknown): unknown => {
    if (typeof value !== 'string') return value;
    return redact(this.#secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), value));
  };
}

async function openSheet(
  place: TranscriptsConfig,
  keys: BucketKeys | null,
  order: SheetOrder,
): Promise<Sheet> {
  if ('folder' in place) return openFile(place.folder, order);
  // Loaded when it is needed: it brings a client that takes a while.
  const { openObject } = await import('./bucket.ts');
  return openObject(place.bucket, keys, order);
}
