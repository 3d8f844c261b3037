import { execa } from 'execa';
import { findRunning } from '../../dev/platform/record.ts';
import { ownCluster, testAddresses, testSettings } from './test-platform.ts';

/** Runs kubectl against the test platform, as a person does. @throws with what it said on stderr. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const running = ownCluster() ? undefined : await findRunning(testSettings());
  const { KUBECONFIG } = testAddresses();
  const env = { KUBECONFIG, ...(running === undefined ? {} : { PATH: running.searchPath }) };
  const { stdout } = await execa('kubectl', [...args], { env });
  return stdout;
}
