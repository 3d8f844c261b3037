import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { measuredValue, type ToldValue } from '../../domain/analysis/measurement.ts';
import type { ValuesFilePlan } from '../../domain/plan/metrics-plan.ts';
import type { ToldArms, ValueLook, ValueProvider } from '../../ports/values.ts';
import { presentValues } from './present.ts';

/** More is no file of two numbers. */
const mostBytes = 1024 ** 2;

/** `{ "stable": 0.9, "canary": 0.8 }` in a folder that the worker was given: for trials, and for whoever writes files. */
export class FileValues implements ValueProvider<ValuesFilePlan> {
  readonly #folder: string | null;

  /** @param folder null: no file is read. */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  async read({ path: name }: ValuesFilePlan, look: ValueLook): Promise<ReadonlyMap<number, ToldArms>> {
    // Both arms from one reading: a file that is written meanwhile must not give each arm another half.
    const told = this.#told(name);
    return presentValues(look, async (arm) => (await told)[arm]);
  }

  async #told(name: string): Promise<ToldArms> {
    const document = await this.#document(name).catch((error: unknown) => whyUnreadable(error));
    if (typeof document === 'string') return { stable: { failed: document }, canary: { failed: document } };
    return { stable: numberOf(document, 'stable'), canary: numberOf(document, 'canary') };
  }

  /** @returns why there is none, or the document. */
  async #document(name: string): Promise<string | object> {
    if (this.#folder === null) return 'this worker reads no files';
    const folder = await realpath(this.#folder);
    const named = path.resolve(folder, name);
    // What lies outside is not even looked at; then links are followed, which may lead outside, too.
    if (!isIn(folder, named)) return elsewhere;
    const file = await realpath(named);
    if (!isIn(folder, file)) return elsewhere;
    const text = await textOf(file);
    if (text === null) return `it is no file, or longer than ${mostBytes} bytes`;
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? document : 'the file is no JSON map';
  }
}

const elsewhere = 'the file is not in the folder of values';

function isIn(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}

/** @returns null for what is no file, such as a pipe, which might never end, and for what is too long. */
async function textOf(file: string): Promise<string | null> {
  // O_NONBLOCK: opening a pipe would wait for whoever writes to it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= mostBytes ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

function numberOf(document: object, arm: keyof ToldArms): ToldValue {
  const value: unknown = Object.hasOwn(document, arm) ? (document as Record<string, unknown>)[arm] : null;
  if (value === null) return { missing: `the file has no number of ${arm}` };
  return typeof value === 'number' ? measuredValue(value) : { failed: `${arm} in the file is no number` };
}

/** Without the path on the worker's machine. */
function whyUnreadable(error: unknown): string {
  if (error instanceof SyntaxError) return 'the file is not JSON';
  const { code } = error as { readonly code?: unknown };
  return code === 'ENOENT'
    ? 'no such file'
    : `the file cannot be read (${typeof code === 'string' ? code : 'no code'})`;
}
