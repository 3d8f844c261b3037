/** Every text in an answer of Temporal, payloads and names of fields included, one a line. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'function') return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, it]) => `${name}\n${textOf(it)}`)
      .join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
