import { expect, test } from '@jest/globals';
import { increaseSince } from '../../../src/adapters/prometheus/increase.ts';

type Samples = Parameters<typeof increaseSince>[1];

const cases: { name: string; samples: Samples; increase: number | null }[] = [
  {
    name: 'from the last value before the window',
    samples: [
      [98, 5],
      [100, 7],
      [105, 9],
      [110, 12],
    ],
    increase: 5,
  },
  {
    name: 'a counter that begins in the window began at 0',
    samples: [
      [105, 3],
      [110, 8],
    ],
    increase: 8,
  },
  { name: 'a single sample in the window', samples: [[105, 3]], increase: 3 },
  {
    name: 'a counter that stands still',
    samples: [
      [90, 4],
      [105, 4],
    ],
    increase: 0,
  },
  {
    name: 'a restart keeps what was counted before it',
    samples: [
      [95, 10],
      [102, 40],
      [106, 0],
      [110, 25],
    ],
    increase: 55,
  },
  {
    name: 'a restart to more than before the window',
    samples: [
      [95, 10],
      [102, 12],
      [106, 30],
      [107, 5],
    ],
    increase: 25,
  },
  {
    name: 'two restarts',
    samples: [
      [95, 0],
      [101, 10],
      [102, 0],
      [103, 10],
      [104, 1],
    ],
    increase: 21,
  },
  {
    name: 'a restart between the last value before and the window',
    samples: [
      [95, 50],
      [105, 4],
    ],
    increase: 4,
  },
  {
    name: 'a restart before the window is no increase',
    samples: [
      [90, 50],
      [95, 2],
      [105, 4],
    ],
    increase: 2,
  },
  {
    name: 'nothing in the window',
    samples: [
      [90, 50],
      [100, 60],
    ],
    increase: null,
  },
  { name: 'no samples', samples: [], increase: null },
];

test.each(cases)('since 100: $name', ({ samples, increase }) => {
  expect(increaseSince(100, samples)).toBe(increase);
});
