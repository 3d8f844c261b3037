import type { V1Deployment, V1Service, V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { HttpRoute } from '../../../src/adapters/gateway-api/http-route.ts';
import { claimed, shifted } from '../../../src/adapters/gateway-api/route.ts';
import { gateLabels } from '../../../src/adapters/kubernetes/gate.ts';
import type { Snapshot } from '../../../src/cli/restore/snapshot.ts';
import type { Fence } from '../../../src/domain/rollout/fence.ts';
import { labels } from '../../../src/domain/rollout/naming.ts';
import type { ArmReadiness } from '../../../src/ports/workload.ts';
import { fence, ref, routeOf, rule, target } from '../../adapters/gateway-api/fixtures.ts';

export { target } from '../../adapters/gateway-api/fixtures.ts';

/** The rollout that all tests here speak of. */
export const id = fence(1).rolloutId;

export const healthy: ArmReadiness = { desired: 2, ready: 2, serving: 2, summary: '2/2 ready' };

/** A Deployment whose pods carry `app: <name>`. */
export function deployment(name: string, marks: Record<string, string> = {}): V1Deployment {
  const app = { app: name };
  return {
    metadata: { name, namespace: 'llm', labels: { ...app, ...marks } },
    spec: {
      replicas: 2,
      selector: { matchLabels: app },
      template: { metadata: { labels: app }, spec: { containers: [{ name: 'vllm', image: 'v1' }] } },
    },
    status: { readyReplicas: 2 },
  };
}

/** A Service that selects the pods with `app: <name>`. */
export function service(name: string, marks: Record<string, string> = {}): V1Service {
  return { metadata: { name, namespace: 'llm', labels: marks }, spec: { selector: { app: name } } };
}

export function autoscaler(
  minReplicas: number,
  annotations: Record<string, string> = {},
): V2HorizontalPodAutoscaler {
  return {
    metadata: { name: 'vllm', namespace: 'llm', annotations },
    spec: { minReplicas, maxReplicas: 8, scaleTargetRef: { kind: 'Deployment', name: 'vllm' } },
  };
}

/** What rollout {@link id} notes when it pins minReplicas from 1 to 4. */
export const pinNote = JSON.stringify({
  rolloutId: id,
  minReplicas: 1,
  maxReplicas: 8,
  stableReplicas: 4,
  pinnedTo: 4,
});

export const owned = { [gateLabels.owner]: id };
export const made = { [labels.rolloutId]: id };

export const untouchedRoute = routeOf(rule('/v1', ref('vllm')));

/** The route as rollout {@link id} leaves it at this weight; 0: it has only claimed it. */
export function routeAt(weightPercent: number, mine: Fence = fence(2)): HttpRoute {
  const taken = claimed(untouchedRoute, target, { ...mine, epoch: 1 });
  return weightPercent === 0 ? taken : shifted(taken, target, weightPercent, mine, null);
}

/** A target that no rollout has touched. */
export const untouched: Snapshot = {
  route: untouchedRoute,
  deployment: deployment('vllm'),
  service: service('vllm'),
  canaryDeployment: null,
  canaryService: null,
  autoscalers: [autoscaler(1)],
};

/** The same at 50 %. */
export const halfway: Snapshot = {
  ...untouched,
  route: routeAt(50),
  deployment: deployment('vllm', owned),
  canaryDeployment: deployment('vllm-canary', made),
  canaryService: service('vllm-canary', made),
  autoscalers: [autoscaler(4, { 'sluice.dev/before': pinNote })],
};
