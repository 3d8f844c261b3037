import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { kinds } from '../../../src/adapters/kubernetes-api/kinds.ts';
import { adopt, leave, podsOf, readyToAdopt, releaseNamed } from './adoption.ts';
import { Died, dyingAtWrite } from './apis.ts';
import { deployStable, workloadOn, type TestTarget } from './target.ts';

jest.setTimeout(600_000);

/** More than an adoption of two pods needs. */
const enough = 30;

describe('an adoption that is killed', () => {
  let it: TestTarget;

  beforeAll(async () => {
    it = await deployStable('killed', 2);
  });
  afterAll(() => it.remove());

  test('after any of its writes, and run again, ends as an undisturbed one', async () => {
    const ends: string[] = [];
    for (let last = 1; last < enough; last += 1) {
      const ready = await readyToAdopt(it, releaseNamed(`v${last}`));
      const dying = dyingAtWrite(it.api, last);
      await adopt(it, ready, workloadOn(dying.api)).catch(expectDeath);
      await adopt(it, ready);
      const found = await it.api.read(kinds.deployment, it.namespace, 'vllm');
      expect({ last, pods: await podsOf(it), paused: found.spec?.paused }).toEqual({
        last,
        pods: ready.pods,
        paused: undefined,
      });
      expect(found.spec?.template.metadata?.annotations).toMatchObject({ example: `v${last}` });
      expect(await leave(it, ready)).toEqual([]);
      ends.push(`v${last}`);
      if (!dying.died()) break;
    }
    // Service, stable, Deployment, ReplicaSet, the new one and its gate, two pods, the claim, the end of the pause.
    expect(ends.length).toBeGreaterThan(10);
    expect(ends.length).toBeLessThan(enough);
  });
});

function expectDeath(error: unknown): void {
  if (!(error instanceof Died)) throw error;
}
