import { expect, test } from '@jest/globals';
import { type Change, complaints, fileText } from './text.ts';

export interface Row extends Change {
  readonly name: string;
  readonly refused: readonly string[];
}

/** A test a row: exactly these problems, in this order. */
export function refuses(rows: readonly Row[]): void {
  test.each(rows)('$name', ({ refused, ...change }) => {
    expect(complaints(fileText(change))).toEqual({
      kind: 'refused',
      lines: refused.map((it) => `rollout.yaml:${it}`),
    });
  });
}

export const duration = 'a duration such as 90s, 30m or 1h30m';
