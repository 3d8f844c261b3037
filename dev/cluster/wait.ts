import { AppsV1Api, type KubeConfig } from '@kubernetes/client-node';
import { setTimeout as delay } from 'node:timers/promises';

/** Waited for, and did not come; says what was seen last. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
}

/**
 * Asks until `look` gives something else than `undefined`.
 * @param what completes "waited 60 s for ...".
 * @param options.timeoutMs default 60000.
 * @param options.everyMs default 200.
 * @throws WaitTimeout with what `seen` tells last.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  options: { readonly timeoutMs?: number; readonly everyMs?: number; readonly seen?: () => string } = {},
): Promise<T> {
  const { timeoutMs = 60_000, everyMs = 200, seen = () => 'nothing yet' } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new WaitTimeout(`waited ${timeoutMs / 1000} s for ${what}; seen last: ${seen()}`);
    }
    await delay(everyMs);
  }
}

/** Waits until every replica of a Deployment is of its newest template and ready. */
export async function waitForDeployment(config: KubeConfig, namespace: string, name: string): Promise<void> {
  const apps = config.makeApiClient(AppsV1Api);
  let last = '';
  const look = async () => {
    const { metadata, spec, status } = await apps.readNamespacedDeployment({ name, namespace });
    last = JSON.stringify(status);
    const wanted = spec?.replicas ?? 1;
    const current = status?.observedGeneration === metadata?.generation && status?.updatedReplicas === wanted;
    return current && status.readyReplicas === wanted && status.replicas === wanted ? true : undefined;
  };
  // On a busy machine pods take their time.
  await waitFor(`Deployment ${namespace}/${name} to be ready`, look, {
    timeoutMs: 180_000,
    seen: () => last,
  });
}
