import { embeddedAddresses, externalAddresses, type Addresses } from './external.ts';
import { renderPairs } from './render.ts';
import { readSettings } from './settings.ts';
import { bringUp } from './up.ts';

/**
 * Gives the addresses to work with: the person's own cluster where the environment names one, else the embedded
 * platform, brought up if need be. Says on standard output which.
 * @throws PlatformProblem or ToolProblem when there is neither.
 */
export async function usePlatform(env: NodeJS.ProcessEnv = process.env): Promise<Addresses> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const settings = readSettings(env);
  const external = externalAddresses(env, settings);
  if (external) {
    print(['Using your own cluster; nothing was started:', ...renderPairs({ ...external })].join('\n'));
    return external;
  }
  const started = performance.now();
  await bringUp(settings, print);
  const addresses = embeddedAddresses(settings);
  print(`Platform ${settings.number} is up (${((performance.now() - started) / 1000).toFixed(1)} s).`);
  print(renderPairs({ ...addresses }).join('\n'));
  return addresses;
}
