import type { V1Pod } from '@kubernetes/client-node';

/** One entry of a Prometheus file_sd file. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The pods that ask to be scraped, with the labels that Prometheus' own Kubernetes discovery would give them
 * (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod), sorted by namespace and name.
 */
export function targetsOf(pods: readonly V1Pod[]): TargetGroup[] {
  return pods
    .filter(
      (pod) =>
        pod.metadata?.annotations?.['prometheus.io/scrape'] === 'true' && pod.status?.podIP !== undefined,
    )
    .map(targetOf)
    .sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
}

function sortKey({ labels }: TargetGroup): string {
  return `${labels['__meta_kubernetes_namespace'] ?? ''}/${labels['__meta_kubernetes_pod_name'] ?? ''}`;
}

function targetOf(pod: V1Pod): TargetGroup {
  const { metadata, spec, status } = pod;
  const ready = status?.conditions?.find((it) => it.type === 'Ready')?.status ?? 'Unknown';
  return {
    targets: [status?.podIP ?? ''],
    labels: {
      __meta_kubernetes_namespace: metadata?.namespace ?? '',
      __meta_kubernetes_pod_name: metadata?.name ?? '',
      __meta_kubernetes_pod_uid: metadata?.uid ?? '',
      __meta_kubernetes_pod_ip: status?.podIP ?? '',
      __meta_kubernetes_pod_node_name: spec?.nodeName ?? '',
      __meta_kubernetes_pod_phase: status?.phase ?? '',
      __meta_kubernetes_pod_ready: ready.toLowerCase(),
      ...prefixed('__meta_kubernetes_pod_label_', metadata?.labels),
      ...prefixed('__meta_kubernetes_pod_annotation_', metadata?.annotations),
    },
  };
}

/** Label names allow letters, digits and underscores; Prometheus replaces the rest the same way. */
function prefixed(prefix: string, values: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${prefix}${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`,
      value,
    ]),
  );
}
