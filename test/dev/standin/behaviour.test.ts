import { describe, expect, test } from '@jest/globals';
import { parseBehaviour } from '../../../dev/standin/behaviour.ts';
import { LiveBehaviour } from '../../../dev/standin/live-behaviour.ts';

function parse(patch: unknown) {
  const parsed = parseBehaviour({}, patch);
  if (parsed.kind === 'refused') throw new Error(parsed.problems.join('\n'));
  return parsed.behaviour;
}

describe('parseBehaviour', () => {
  test('nothing given is all defaults', () => {
    expect(parse({})).toEqual({
      seed: 1,
      ready: true,
      startupDelayMs: 0,
      errors: { http500PerThousand: 0, http429PerThousand: 0, http400PerThousand: 0, streamedPerThousand: 0 },
      ttft: { medianMs: 20, p99Ms: 60 },
      interToken: { medianMs: 4, p99Ms: 10 },
      answer: { meanTokens: 16, spreadTokens: 4 },
      quality: { wrongPerThousand: 0, cutPerThousand: 0, repeatedPerThousand: 0 },
      capacity: { maxConcurrent: 256, kvCacheTokens: 131_072 },
    });
  });

  test('a patch is laid over field by field, and the base stays as it was', () => {
    const base = Object.freeze(parse({ errors: { http500PerThousand: 5 } }));
    const parsed = parseBehaviour(base, { errors: { http429PerThousand: 0.5 }, ready: false });
    expect(parsed).toMatchObject({
      kind: 'ok',
      behaviour: { ready: false, errors: { http500PerThousand: 5, http429PerThousand: 0.5 } },
    });
  });

  test.each([
    [
      { sped: 1 },
      'behaviour has no field sped (found 1); its fields are seed, ready, startupDelayMs, errors,',
    ],
    [
      { errors: { http503: 9 } },
      'behaviour.errors has no field http503 (found 9); its fields are http500PerThousand,',
    ],
    [
      { errors: { http500PerThousand: 1001 } },
      'behaviour.errors.http500PerThousand must be a number of requests per thousand from 0 to 1000, found 1001',
    ],
    [
      { errors: { http500PerThousand: 600, streamedPerThousand: 401 } },
      'behaviour.errors must add up to at most 1000 per thousand, found 1001',
    ],
    [
      { quality: { wrongPerThousand: -1 } },
      'behaviour.quality.wrongPerThousand must be a number of requests per thousand from 0 to 1000, found -1',
    ],
    [
      { ttft: { medianMs: '5' } },
      'behaviour.ttft.medianMs must be a number of milliseconds from 0 to 600000, found "5"',
    ],
    [{ ttft: { medianMs: 61 } }, 'behaviour.ttft.p99Ms must be at least medianMs (61), found 60'],
    [
      { answer: { meanTokens: 4 } },
      'behaviour.answer.spreadTokens must be at most (meanTokens - 1) / 3 with meanTokens 4, found 4',
    ],
    [
      { capacity: { maxConcurrent: 1.5 } },
      'behaviour.capacity.maxConcurrent must be a whole number of requests from 1 to 100000, found 1.5',
    ],
    [{ ready: null }, 'behaviour.ready must be true or false, found null'],
    [{ ttft: 5 }, 'behaviour.ttft must be an object, found 5'],
    [[], 'behaviour must be an object, found []'],
    [undefined, 'behaviour must be an object, found nothing'],
  ])('%j is refused', (patch, problem) => {
    const parsed = parseBehaviour(parse({}), patch);
    expect(parsed).toEqual({
      kind: 'refused',
      problems: expect.arrayContaining([expect.stringContaining(problem)]),
    });
  });

  test('every problem is told at once', () => {
    const parsed = parseBehaviour({}, { seed: -1, ready: 1, ttft: { p99Ms: -1 } });
    expect(parsed.kind === 'refused' && parsed.problems).toHaveLength(3);
  });

  test('a median of 0 switches a wait off whatever the p99', () => {
    expect(parse({ ttft: { medianMs: 0 } }).ttft).toEqual({ medianMs: 0, p99Ms: 60 });
  });
});

describe('LiveBehaviour', () => {
  const refusedPatch = { errors: { http500PerThousand: 5, http501PerThousand: 5 } };

  test('a refused change changes nothing', () => {
    const live = new LiveBehaviour(parse({}));
    live.takeNumber();
    expect(live.patch(refusedPatch).kind).toBe('refused');
    expect(live.replace({ ...refusedPatch, seed: 5 }).kind).toBe('refused');
    expect(live.current).toEqual(parse({}));
    expect(live.takeNumber()).toBe(1);
  });

  test('naming a seed starts the numbering anew, another field does not', () => {
    const live = new LiveBehaviour(parse({}));
    live.takeNumber();
    live.patch({ ready: false });
    expect(live.takeNumber()).toBe(1);
    live.patch({ seed: 1 });
    expect(live.takeNumber()).toBe(0);
  });

  test('a replacement goes back to the defaults but keeps the seed of the start', () => {
    const live = new LiveBehaviour(parse({ seed: 9, ready: false }));
    live.patch({ seed: 10 });
    live.replace({ ttft: { medianMs: 1 } });
    expect(live.current).toEqual(parse({ seed: 9, ttft: { medianMs: 1 } }));
  });

  test('listeners hear of accepted changes only', () => {
    const live = new LiveBehaviour(parse({}));
    let heard = 0;
    live.onChange(() => (heard += 1));
    live.patch(refusedPatch);
    live.patch({ ready: false });
    expect(heard).toBe(1);
  });
});
