import type { Target } from '../../../src/domain/plan/plan.ts';

/** A target whose workload and Service are called `name`, on port 8000. */
export function targetOf(namespace: string, name = 'vllm'): Target {
  return {
    cluster: 'default',
    namespace,
    workload: { kind: 'Deployment', name },
    service: { name, port: 8000 },
    router: { kind: 'HTTPRoute', name: 'llm' },
  };
}
