import { describe, expect, test } from '@jest/globals';
import { type SseEvent, SseParser } from '../../../dev/load/sse.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function parse(...pieces: readonly Uint8Array[]): SseEvent[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

const message = (data: string): SseEvent => ({ name: 'message', data });

describe('SseParser', () => {
  test.each([
    { name: 'one event', text: 'data: a\n\n', events: [message('a')] },
    { name: 'two events', text: 'data: a\n\ndata: b\n\n', events: [message('a'), message('b')] },
    { name: 'several data lines', text: 'data: a\ndata: b\n\n', events: [message('a\nb')] },
    { name: 'no space after the colon', text: 'data:a\n\n', events: [message('a')] },
    { name: 'only the first space is taken', text: 'data:  a\n\n', events: [message(' a')] },
    { name: 'empty data', text: 'data\n\n', events: [message('')] },
    {
      name: 'a named event',
      text: 'event: error\ndata: x\n\ndata: y\n\n',
      events: [{ name: 'error', data: 'x' }, message('y')],
    },
    { name: 'a name without data is no event', text: 'event: ping\n\ndata: a\n\n', events: [message('a')] },
    {
      name: 'comments and other fields',
      text: ': hello\nid: 7\nretry: 1\ndata: a\n\n',
      events: [message('a')],
    },
    { name: 'CRLF', text: 'data: a\r\n\r\ndata: b\r\n\r\n', events: [message('a'), message('b')] },
    { name: 'CR', text: 'data: a\r\rdata: b\r\r', events: [message('a'), message('b')] },
    { name: 'byte order mark', text: '\uFEFFdata: a\n\n', events: [message('a')] },
    { name: 'unfinished event', text: 'data: a\n\ndata: b\n', events: [message('a')] },
  ])('$name', ({ text, events }) => {
    expect(parse(bytesOf(text))).toEqual(events);
  });

  describe.each([
    { ends: 'LF', end: '\n' },
    { ends: 'CRLF', end: '\r\n' },
    { ends: 'CR', end: '\r' },
  ])('with $ends', ({ end }) => {
    const lines = [
      'data: {"a":"Grüße, 水門 🚦"}',
      '',
      ': ping',
      'event: error',
      'data: é',
      'data: 🌊',
      '',
      'data: [DONE]',
      '',
      '',
    ];
    const bytes = bytesOf(lines.join(end));
    const whole = [message('{"a":"Grüße, 水門 🚦"}'), { name: 'error', data: 'é\n🌊' }, message('[DONE]')];

    test('a cut at every byte position gives the same events', () => {
      for (let at = 0; at <= bytes.length; at++) {
        expect({ at, events: parse(bytes.subarray(0, at), bytes.subarray(at)) }).toEqual({
          at,
          events: whole,
        });
      }
    });

    test('two cuts at every pair of byte positions give the same events', () => {
      const expected = JSON.stringify(whole);
      for (let from = 0; from <= bytes.length; from++) {
        for (let to = from; to <= bytes.length; to++) {
          const pieces = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
          // Compared as text first: thousands of deep comparisons take seconds.
          if (JSON.stringify(parse(...pieces)) !== expected)
            expect({ from, to, events: parse(...pieces) }).toEqual(whole);
        }
      }
    });

    test('byte by byte gives the same events', () => {
      expect(parse(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    });
  });
});
