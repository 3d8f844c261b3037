import type { V1Pod, V1Service } from '@kubernetes/client-node';
import type { Target } from '../../domain/plan/plan.ts';
import { canaryServiceName } from '../../domain/rollout/naming.ts';
import type { KubernetesApi } from '../kubernetes-api/api.ts';
import { kinds } from '../kubernetes-api/kinds.ts';

/** Where one canary pod answers. */
export interface CanaryEndpoint {
  readonly pod: string;
  /** `http://<ip>:<port>`, without a path. */
  readonly url: string;
}

/** The pods that the canary's Service selects and that have an address, ready or not; none without the Service. */
export async function canaryEndpoints(api: KubernetesApi, target: Target): Promise<CanaryEndpoint[]> {
  const { namespace } = target;
  const service = await api.find(kinds.service, namespace, canaryServiceName(target));
  if (service === null) return [];
  const labelSelector = Object.entries(service.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const pods = await api.list(kinds.pod, namespace, { labelSelector });
  return pods.flatMap((pod) => {
    const { podIP, phase } = pod.status ?? {};
    if (pod.metadata?.deletionTimestamp !== undefined || podIP === undefined || phase !== 'Running')
      return [];
    const port = podPort(service, target.service.port, pod);
    return [{ pod: pod.metadata?.name ?? '', url: `http://${hostOf(podIP)}:${port}` }];
  });
}

/** The pod's own number of a Service's port, which may be named differently in each pod. */
export function podPort(service: V1Service, servicePort: number, pod: V1Pod): number {
  const wanted = service.spec?.ports?.find((it) => it.port === servicePort)?.targetPort ?? servicePort;
  if (typeof wanted === 'number') return wanted;
  const named = pod.spec?.containers.flatMap((it) => it.ports ?? []).find((it) => it.name === wanted);
  return named?.containerPort ?? servicePort;
}

function hostOf(ip: string): string {
  return ip.includes(':') ? `[${ip}]` : ip;
}
