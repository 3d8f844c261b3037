import { removePlatform } from '../../dev/platform/state.ts';
import { ownCluster, testSettings } from './test-platform.ts';
import { removeBundle } from './workflow-bundle.ts';

/** jest's global teardown of the end-to-end tests; SLUICE_TEST_KEEP=1 leaves the platform for a look. */
export default async function platformDown(): Promise<void> {
  await removeBundle();
  if (ownCluster() || process.env['SLUICE_TEST_KEEP'] === '1') return;
  await removePlatform(testSettings());
}
