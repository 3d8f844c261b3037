import { describe, expect, test } from '@jest/globals';
import { readSettings, settingsOf } from '../../../dev/platform/settings.ts';
import { overlaps } from '../../../dev/platform/network.ts';

describe('readSettings', () => {
  test('platform 0 is the default', () => {
    expect(readSettings({ SLUICE_STATE: '/s' })).toMatchObject({
      number: 0,
      name: 'sluice-0',
      stateFolder: '/s/platform-0',
      nodeAddress: '198.18.0.2',
      podSubnet: '198.18.1.0/24',
    });
  });

  test('the last platform stays inside of the benchmark range', () => {
    expect(readSettings({ SLUICE_PLATFORM: '63' })).toMatchObject({
      block: '198.19.248.0/21',
      nodeAddress: '198.19.248.2',
    });
  });

  test.each(['64', '-1', '1.5', 'x', '', '007'])(
    'SLUICE_PLATFORM=%p is refused with its name, what was found and what is allowed',
    (given) => {
      expect(() => readSettings({ SLUICE_PLATFORM: given })).toThrow(
        expect.objectContaining({
          message: `SLUICE_PLATFORM is '${given}'`,
          hint: 'It must be a whole number from 0 to 63.',
          exitCode: 2,
        }),
      );
    },
  );

  test('no two platforms share an address, a name or a folder', () => {
    const all = Array.from({ length: 64 }, (_, number) => settingsOf(number, '/s'));
    for (const [index, one] of all.entries()) {
      for (const other of all.slice(index + 1)) expect(overlaps(one.block, other.block)).toBe(false);
    }
    expect(new Set(all.map((it) => it.stateFolder)).size).toBe(64);
  });

  test('link and pods are inside of the block', () => {
    for (const it of [settingsOf(0, '/s'), settingsOf(31, '/s'), settingsOf(32, '/s')]) {
      expect(overlaps(it.block, it.linkSubnet) && overlaps(it.block, it.podSubnet)).toBe(true);
      expect(overlaps(it.linkSubnet, it.podSubnet)).toBe(false);
    }
  });
});
