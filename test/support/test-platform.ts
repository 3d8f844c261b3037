import { embeddedAddresses, externalAddresses, type Addresses } from '../../dev/platform/external.ts';
import { readSettings, type Settings } from '../../dev/platform/settings.ts';

/**
 * The platform that the end-to-end tests share. Its number is not the developer's, so that `make test` does not
 * disturb what `make up` started.
 */
export function testSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  return readSettings({ ...env, SLUICE_PLATFORM: env['SLUICE_TEST_PLATFORM'] ?? '62' });
}

/** The platform that the lifecycle tests start, kill and end. */
export function scratchSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  return readSettings({ ...env, SLUICE_PLATFORM: env['SLUICE_SCRATCH_PLATFORM'] ?? '63' });
}

/** The person's own cluster, where the environment names one that is not the developer's embedded platform. */
export function ownCluster(env: NodeJS.ProcessEnv = process.env): Addresses | undefined {
  return externalAddresses(env, readSettings(env));
}

/** Where the end-to-end tests find everything. */
export function testAddresses(env: NodeJS.ProcessEnv = process.env): Addresses {
  return ownCluster(env) ?? embeddedAddresses(testSettings(env));
}
