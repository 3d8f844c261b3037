export interface CliPlanFile {
  readonly name: string;
  readonly namespace: string;
  readonly version: string;
  /** @default '24h' */
  readonly holdLimit?: string;
}

/** A small rollout file with the built-in phases: nobody waits for the end of one. */
export function cliPlanFile({ name, namespace, version, holdLimit = '24h' }: CliPlanFile): string {
  return `apiVersion: sluice.dev/v1alpha1
kind: Rollout
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  workload: { kind: Deployment, name: vllm }
  service: { name: vllm, port: 8000 }
  router: { kind: HTTPRoute, name: llm }
  release:
    version: '${version}'
    patch: { metadata: { annotations: { example: '${version}' } } }
  hold: { limit: ${holdLimit} }
  metrics:
    prometheus: { url: 'http://prometheus:9090' }
`;
}
