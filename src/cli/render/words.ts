/** Numbers and moments as people read them. */

/** `10 %`, `0.1 %`: percent of a number that is percent already. */
export function percent(value: number): string {
  return `${rounded(value)} %`;
}

/** `2026-11-21 10:00:12Z` */
export function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** At most four digits that say something. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `1 request`, `2 requests` */
export function count(amount: number, one: string): string {
  return `${amount} ${one}${amount === 1 ? '' : 's'}`;
}

/**
 * One line without control characters: whoever writes a reason must not begin a line of somebody's log or file, where
 * a CI system may take it for a command, nor colour somebody's terminal.
 */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{C}\u2028\u2029]+/gu, ' ').trim();
}
