import { describe, expect, test } from '@jest/globals';
import { embeddedAddresses, externalAddresses } from '../../../dev/platform/external.ts';
import { settingsOf } from '../../../dev/platform/settings.ts';

const settings = settingsOf(0, '/s');
const own = {
  KUBECONFIG: '/home/me/config',
  TEMPORAL_ADDRESS: 'temporal:7233',
  PROMETHEUS_URL: 'http://prometheus',
};

describe('externalAddresses', () => {
  test('all three set: the person’s own cluster, with what else is set', () => {
    expect(externalAddresses({ ...own, GATEWAY_URL: 'http://gateway' }, settings)).toEqual({
      ...own,
      GATEWAY_URL: 'http://gateway',
    });
  });

  test('none set: the embedded platform', () => {
    expect(externalAddresses({ KUBECONFIG: '' }, settings)).toBeUndefined();
  });

  test('the embedded platform’s own addresses, as `make env` sets them, are not somebody’s cluster', () => {
    expect(externalAddresses({ ...embeddedAddresses(settings) }, settings)).toBeUndefined();
  });

  test.each([
    [{ KUBECONFIG: own.KUBECONFIG }, 'KUBECONFIG is set, TEMPORAL_ADDRESS and PROMETHEUS_URL are not'],
    [{ ...own, PROMETHEUS_URL: '' }, 'KUBECONFIG and TEMPORAL_ADDRESS are set, PROMETHEUS_URL is not'],
  ])('%p is refused: half of one cluster with half of another', (env, message) => {
    expect(() => externalAddresses(env, settings)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});
