/** Numbers and times as people read them. */

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Up to here in hours: people say 24 h, not 1 day. */
const mostHours = 48 * 3600;

/** `37 min`, `1 h 30 min`, `24 h`, `3 d`, `250 ms`, `0 s`: the two largest units that are not 0, rounded down. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1000) return `${Math.round(ms)} ms`;
  let rest = Math.max(0, Math.floor(ms / 1000));
  const parts: string[] = [];
  for (const [name, seconds] of units) {
    if (name === 'd' && rest <= mostHours) continue;
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0) parts.push(`${amount} ${name}`);
  }
  return parts.length === 0 ? '0 s' : parts.slice(0, 2).join(' ');
}

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
