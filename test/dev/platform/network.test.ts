import { describe, expect, test } from '@jest/globals';
import { findOverlap, overlaps } from '../../../dev/platform/network.ts';
import { settingsOf } from '../../../dev/platform/settings.ts';

describe('overlaps', () => {
  test.each([
    ['198.18.0.0/21', '198.18.7.255/32', true],
    ['198.18.0.0/21', '198.18.8.0/32', false],
    ['198.18.0.0/21', '198.18.0.0/15', true],
    ['0.0.0.0/0', '10.0.0.1/32', true],
    ['255.255.255.255/32', '255.255.255.254/31', true],
    ['198.18.0.0/21', 'fe80::1/64', false],
  ])('%s and %s: %p', (one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
    expect(overlaps(other, one)).toBe(expected);
  });
});

describe('findOverlap', () => {
  const settings = settingsOf(0, '/s');
  const entry = (ifname: string, local: string, prefixlen: number) => ({
    ifname,
    addr_info: [{ local, prefixlen }],
  });

  test('names the interface and its address', () => {
    const entries = [entry('lo', '127.0.0.1', 8), entry('vpn0', '198.18.4.4', 16)];
    expect(findOverlap(entries, settings)).toBe('vpn0 has 198.18.4.4/16');
  });

  test('the platform’s own link does not count', () => {
    expect(findOverlap([entry('sluice-0', '198.18.0.1', 24)], settings)).toBeUndefined();
  });

  test('another platform’s link does not count', () => {
    expect(findOverlap([entry('sluice-1', '198.18.8.1', 24)], settings)).toBeUndefined();
  });
});
