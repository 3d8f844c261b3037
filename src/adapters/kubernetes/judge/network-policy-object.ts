import type { V1NetworkPolicy, V1NetworkPolicyEgressRule, V1Service } from '@kubernetes/client-node';
import { egressTo } from './egress-to.ts';
import { judgeMetadata, tryLabels, type JudgeSource } from './job-object.ts';

/** The two Services as they are. */
export interface ArmServices {
  readonly stable: V1Service;
  readonly canary: V1Service;
}

/**
 * Whom a judge's pod may speak with: names, both arms, its model, and where its prompts and transcripts are. Nobody may speak with it.
 * Means something only where the cluster's network keeps such policies.
 */
export function judgeNetworkPolicy(source: JudgeSource, arms: ArmServices): V1NetworkPolicy {
  const { plan, which, owner } = source;
  const { namespace, service } = plan.target;
  const { endpoint, prompts, transcripts } = plan.judge;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: judgeMetadata(source, arms.canary),
    spec: {
      podSelector: { matchLabels: { ...tryLabels(owner, which) } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [
        names,
        toArm(arms.stable, service.port),
        toArm(arms.canary, service.port),
        ...(endpoint === null ? [] : [egressTo(endpoint.url, namespace)]),
        ...('url' in prompts ? [egressTo(prompts.url, namespace)] : []),
        ...(transcripts !== null && 's3' in transcripts
          ? [egressTo(transcripts.s3.endpoint, namespace)]
          : []),
      ],
    },
  };
}

/** DNS, wherever it runs. */
const names: V1NetworkPolicyEgressRule = {
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/** A policy is held against the pod's address, not the Service's: against its own port, too. */
function toArm({ spec }: V1Service, servicePort: number): V1NetworkPolicyEgressRule {
  const port = spec?.ports?.find((it) => it.port === servicePort)?.targetPort ?? servicePort;
  return {
    to: [{ podSelector: { matchLabels: { ...spec?.selector } } }],
    ports: [{ protocol: 'TCP', port }],
  };
}
