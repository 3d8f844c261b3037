import { keepForThisProcess } from '../../dev/platform/state.ts';
import { bringUp } from '../../dev/platform/up.ts';
import { ownCluster, testSettings } from './test-platform.ts';
import { bundleForAll } from './workflow-bundle.ts';

/** jest's global setup of the end-to-end tests. */
export default async function platformUp(): Promise<void> {
  await bundleForAll();
  if (ownCluster()) return;
  const settings = testSettings();
  // The first of two runs at once would take the platform away from the other one.
  await keepForThisProcess(settings, () => {
    process.stderr.write(
      `Another run of the tests has platform ${settings.number}: waiting for its end. SLUICE_TEST_PLATFORM names another one.\n`,
    );
  });
  await bringUp(settings, (line) => process.stderr.write(`${line}\n`));
}
