import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** A line of a file, and where to find it again. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Bytes before it. */
  readonly offset: number;
  /** Without its end; null: it is longer than {@link longestLine}. */
  readonly bytes: Buffer | null;
}

/** In bytes; longer ones are passed over, so that a file without line ends needs no memory. */
export const longestLine = 4 * 1024 ** 2;

const newline = 0x0a;

/** The lines of a file, one after the other; the last one may lack its end. Throws what Node.js throws when it cannot be read. */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let [number, offset, length] = [1, 0, 0];
  const keep = (part: Buffer) => {
    length += part.length;
    if (length > longestLine) parts = [];
    else parts.push(part);
  };
  const finish = (): Line => {
    const line = { number, offset, bytes: length > longestLine ? null : Buffer.concat(parts) };
    offset += length + 1;
    number += 1;
    [parts, length] = [[], 0];
    return line;
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield finish();
}

/** The same bytes again. */
export async function lineAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

/** What a line says as JSON; undefined for what is none, or not UTF-8. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
