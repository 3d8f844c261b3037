export interface SseEvent {
  /** The `event:` field; `message` where the server sent none. */
  name: string;
  /** The `data:` lines, joined by a newline. */
  data: string;
}

/**
 * Reads server-sent events from bytes as they arrive, cut anywhere: inside a
 * line, a CRLF or a character. Follows the HTML standard's event stream format
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream)
 * without `id` and `retry`, which this load generator has no use for.
 */
export class SseParser {
  // Also takes off a byte order mark, as the standard asks.
  readonly #decoder = new TextDecoder();
  #unfinishedLine = '';
  #endedInCr = false;
  #name = '';
  #data: string[] = [];

  /** The events completed by these bytes. An event that no blank line ends is never returned. */
  push(bytes: Uint8Array): SseEvent[] {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return [];
    // A CR already ended its line; an LF that follows it belongs to the same line end.
    if (this.#endedInCr && text.startsWith('\n')) text = text.slice(1);
    this.#endedInCr = text.endsWith('\r');
    const lines = (this.#unfinishedLine + text).split(/\r\n|\n|\r/);
    this.#unfinishedLine = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line) ?? []);
  }

  #take(line: string): SseEvent | undefined {
    if (line === '') return this.#finishEvent();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    if (field === 'event') this.#name = value;
    return undefined;
  }

  #finishEvent(): SseEvent | undefined {
    const event = { name: this.#name === '' ? 'message' : this.#name, data: this.#data.join('\n') };
    const hasData = this.#data.length > 0;
    this.#name = '';
    this.#data = [];
    return hasData ? event : undefined;
  }
}
