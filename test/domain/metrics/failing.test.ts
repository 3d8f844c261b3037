import { expect, test } from '@jest/globals';
import { failingClasses, isFailing, singleStatuses } from '../../../src/domain/metrics/failing.ts';

test.each([
  { failing: ['5xx'], classes: ['5'], single: [], fail: ['500', '503', '599'], pass: ['200', '404', '499'] },
  { failing: ['5xx', '429'], classes: ['5'], single: ['429'], fail: ['429', '500'], pass: ['428'] },
  { failing: ['503'], classes: [], single: ['503'], fail: ['503'], pass: ['500', '50', '5'] },
  { failing: ['4xx', '429'], classes: ['4'], single: [], fail: ['400', '429'], pass: ['500'] },
  // What proxies write where no answer began.
  { failing: ['4xx', '5xx'], classes: ['4', '5'], single: [], fail: [], pass: ['0', ''] },
])('$failing: failures are $fail, and not $pass', ({ failing, classes, single, fail, pass }) => {
  expect(failingClasses(failing)).toEqual(classes);
  expect(singleStatuses(failing)).toEqual(single);
  expect(fail.filter((it) => !isFailing(it, failing))).toEqual([]);
  expect(pass.filter((it) => isFailing(it, failing))).toEqual([]);
});
