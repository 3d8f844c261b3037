/**
 * Tells Prometheus which pods to scrape: `node dev/pod-discovery/main.ts KUBECONFIG TARGETS-FILE`.
 *
 * Debian's Prometheus is built without Kubernetes discovery. This process watches the pods and keeps a file_sd file
 * with the labels that discovery would give; the relabelling rules stay the usual ones. It ends with an error when
 * its watch breaks: the supervisor starts it again, with a fresh list.
 */
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { targetsOf } from './targets.ts';

const [kubeconfig, file] = process.argv.slice(2);
if (kubeconfig === undefined || file === undefined) {
  process.stderr.write('usage: node dev/pod-discovery/main.ts KUBECONFIG TARGETS-FILE\n');
  process.exit(2);
}

/** Changes come in bursts; the file is written once for all that come within this time. */
const gatherMs = 100;

const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());

let changed = true;
for (const event of ['add', 'update', 'delete'] as const) {
  informer.on(event, () => {
    changed = true;
  });
}
informer.on('error', (error: unknown) => {
  process.stderr.write(`watch of pods broke: ${String(error)}\n`);
  process.exit(1);
});
await informer.start();

let written: string | undefined;
for (;;) {
  if (changed) {
    changed = false;
    const text = JSON.stringify(targetsOf(informer.list()), undefined, 1);
    if (text !== written) await replaceFile(file, text);
    written = text;
  }
  await delay(gatherMs);
}

/** Prometheus must never read half a file. */
async function replaceFile(target: string, text: string): Promise<void> {
  await writeFile(`${target}.new`, text);
  await rename(`${target}.new`, target);
}
