/** What a release of the demo does differently: variables of the stand-in vLLM. */
export interface DemoRelease {
  readonly version: string;
  /** As in dev/standin/README.md. */
  readonly behaviour: object;
}

/**
 * The rollout file of a release: the default plan with bakes of seconds, so that it can be watched, and with limits
 * that few requests can prove.
 */
export function rolloutFile({ version, behaviour }: DemoRelease, prometheusUrl: string): string {
  const env = [
    // The answers' header then names the release, before and after it is promoted.
    { name: 'ARM', value: version },
    { name: 'BEHAVIOUR', value: JSON.stringify(behaviour) },
  ];
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata: { name: llama, namespace: llm }
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release:
    version: ${version}
    patch: ${JSON.stringify({ spec: { containers: [{ name: 'vllm', env }] } })}
  phases:
    - { weight: 1, bake: 5s, gates: [] }
    - { weight: 10, bake: 8s, gates: [] }
    - weight: 50
      bake: 10s
      gates:
        - { metric: error-rate, max: 1%, evidence: noBreach, minimumSamples: 50 }
        - { metric: e2e-latency, maxRatio: 2, evidence: noBreach, minimumSamples: 50 }
    - { weight: 100, bake: 0s }
  guards:
    - { metric: error-rate, max: 1%, minimumSamples: 20, window: 10s }
    - { metric: e2e-latency, maxRatio: 3, minimumSamples: 20, window: 10s }
  guardInterval: 1s
  keepOld: 5s
  metrics: { prometheus: { url: "${prometheusUrl}" } }
`;
}
