import { AppsV1Api, PatchStrategy, setHeaderOptions, type KubeConfig } from '@kubernetes/client-node';

/** Replaces the pods of a Deployment one after the other, as `kubectl rollout restart` does. */
export async function restartPods(config: KubeConfig, namespace: string, name: string): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  await config
    .makeApiClient(AppsV1Api)
    .patchNamespacedDeployment(
      { name, namespace, body: { spec: { template: { metadata: { annotations } } } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
}
