import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { embeddedAddresses } from '../../dev/platform/external.ts';
import { pathsOf, type Settings } from '../../dev/platform/settings.ts';

/**
 * The platform's own Prometheus scrapes the gateway every second, which of a thousand services takes a whole core; here
 * nobody asks it for anything.
 */
export async function stopScraping(settings: Settings): Promise<void> {
  await writeFile(path.join(pathsOf(settings).config, 'prometheus.yaml'), 'scrape_configs: []\n');
  const { PROMETHEUS_URL } = embeddedAddresses(settings);
  const { ok, status } = await fetch(`${PROMETHEUS_URL}/-/reload`, { method: 'POST' });
  if (!ok) throw new Error(`Prometheus answers ${status} to the wish to read its configuration anew`);
}
