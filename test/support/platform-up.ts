import { bringUp } from '../../dev/platform/up.ts';
import { ownCluster, testSettings } from './test-platform.ts';

/** jest's global setup of the end-to-end tests. */
export default async function platformUp(): Promise<void> {
  if (ownCluster()) return;
  await bringUp(testSettings(), (line) => process.stderr.write(`${line}\n`));
}
