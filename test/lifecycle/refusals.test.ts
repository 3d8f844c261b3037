import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findBox } from '../../dev/platform/box.ts';
import { platformCommand } from '../support/platform-command.ts';
import { scratchSettings } from '../support/test-platform.ts';

const settings = scratchSettings();
const platform = { SLUICE_PLATFORM: String(settings.number) };

/** Runs the command as root of a throw-away namespace, after `prepare`. */
const inNamespace = (kind: '--net' | '--mount', prepare: string) => [
  'unshare',
  kind,
  'sh',
  '-ec',
  `${prepare}; exec "$@"`,
  'sh',
];

describe('up refuses, says why and what to do, and starts nothing', () => {
  const own = { KUBECONFIG: '/c', TEMPORAL_ADDRESS: 'temporal:7233', PROMETHEUS_URL: 'http://p' };
  const netWithVpn = inNamespace(
    '--net',
    `ip link add vpn0 type veth peer name vpn1; ip address add ${settings.hostAddress}/16 dev vpn0`,
  );
  const tinyDisk = inNamespace('--mount', 'mount -t tmpfs -o size=10m tmpfs /mnt');
  const notRoot = ['unshare', '--user', '--map-user=1000'];

  test.each([
    ['a platform number that is none', { SLUICE_PLATFORM: '64' }, [], "SLUICE_PLATFORM is '64'", '0 to 63'],
    [
      'half of a cluster',
      { ...platform, KUBECONFIG: '/c' },
      [],
      'KUBECONFIG is set, TEMPORAL_ADDRESS',
      'set all of',
    ],
    [
      'a user who is not root',
      platform,
      notRoot,
      'needs root',
      'KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL',
    ],
    ['addresses in use', platform, netWithVpn, `vpn0 has ${settings.hostAddress}/16`, 'SLUICE_PLATFORM=1'],
    [
      'a full disk',
      { ...platform, SLUICE_STATE: '/mnt/s' },
      tinyDisk,
      '/mnt/s/platform-63 has 0.0 GB free',
      'SLUICE_STATE',
    ],
  ])('%s', async (_, env, wrapper, message, advice) => {
    const { exitCode, text } = await platformCommand(['up'], env, wrapper);
    expect({ exitCode, text }).toEqual({ exitCode: 2, text: expect.stringContaining(message) as unknown });
    expect(text).toContain(advice);
    expect(existsSync(settings.stateFolder)).toBe(false);
    expect(await findBox(settings)).toBeUndefined();
  });

  test('with KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL set nothing is started: they are used', async () => {
    const { exitCode, text } = await platformCommand(['up'], { ...platform, ...own });
    expect({ exitCode, text }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('Using your own cluster') as unknown,
    });
    expect(await findBox(settings)).toBeUndefined();
    expect((await platformCommand(['env'], { ...platform, ...own })).text).toContain(
      "export TEMPORAL_ADDRESS='temporal:7233'",
    );
  });

  test('env of a platform that is not up prints nothing for eval, and says so', async () => {
    const { exitCode, text } = await platformCommand(['env'], platform);
    expect({ exitCode, text }).toEqual({ exitCode: 3, text: 'Platform 63 is not up. Start it: make up' });
  });
});
