import { makeObjectStoreImage } from '../../dev/platform/images.ts';
import { keepForThisProcess } from '../../dev/platform/state.ts';
import { bringUp } from '../../dev/platform/up.ts';
import { ownCluster, testSettings } from './test-platform.ts';
import { bundleForAll } from './workflow-bundle.ts';

/** Of many lines in a row that begin alike only the first. */
function onceEach(say: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    const [beginning = ''] = line.split(',');
    if (beginning !== last) say(`object store for tests: ${beginning}`);
    last = beginning;
  };
}

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
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await bringUp(settings, say);
  // Now, for it is compiled once, and that would slow down whatever is tested beside it.
  await makeObjectStoreImage(onceEach(say));
}
