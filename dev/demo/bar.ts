import { styleText } from 'node:util';

/** Coloured only where the stream is a terminal. */
const paint = (format: 'yellow' | 'green' | 'dim' | 'bold', text: string) =>
  styleText(format, text, { stream: process.stdout });

export const bold = (text: string): string => paint('bold', text);

/**
 * One second of traffic as a bar: the canary's part, then stable's.
 * @param width characters of the whole bar.
 */
export function splitBar(canary: number, stable: number, width = 50): string {
  const total = canary + stable;
  const cells = total === 0 ? 0 : Math.round((canary / total) * width);
  // A canary with any traffic at all is seen.
  const shown = canary > 0 ? Math.max(1, cells) : 0;
  const rest = total === 0 ? 0 : width - shown;
  return paint('yellow', '█'.repeat(shown)) + paint('green', '░'.repeat(rest));
}

/** `12.5 %`, or `-` of nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`;
}
