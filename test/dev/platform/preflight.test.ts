import { describe, expect, test } from '@jest/globals';
import { requireFitMachine } from '../../../dev/platform/preflight.ts';
import { settingsOf } from '../../../dev/platform/settings.ts';

describe('requireFitMachine', () => {
  const settings = settingsOf(0, '/nowhere');

  test.each([
    [{ platform: 'darwin', userId: 0 }, 'The embedded platform needs Linux, this is darwin'],
    [
      { platform: 'linux', userId: 1000 },
      'The embedded platform needs root: it makes namespaces and cgroups',
    ],
  ])('%p is refused with what to do instead', async (machine, message) => {
    const hint = expect.stringContaining('KUBECONFIG, TEMPORAL_ADDRESS and PROMETHEUS_URL') as unknown;
    await expect(requireFitMachine(settings, machine)).rejects.toMatchObject({ message, hint, exitCode: 2 });
  });
});
