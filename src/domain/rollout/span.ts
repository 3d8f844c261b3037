const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** Up to here in hours: people say 24 h, not 1 day. */
const mostHours = 48 * 3600;

/** `37 min`, `1 h 30 min`, `24 h`, `3 d`, `250 ms`, `0 s`: the two largest units that are not 0, rounded down. */
export function span(ms: number): string {
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
