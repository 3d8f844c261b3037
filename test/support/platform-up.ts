import { bringUp } from '../../dev/platform/up.ts';
import { ownCluster, testSettings } from './test-platform.ts';
import { bundleForAll } from './workflow-bundle.ts';

/** jest's global setup of the end-to-end tests. */
export default async function platformUp(): Promise<void> {
  await bundleForAll();
  if (ownCluster()) return;
  await bringUp(testSettings(), (line) => process.stderr.write(`${line}\n`));
}
