import { isIP } from 'node:net';
import type { V1NetworkPolicyEgressRule } from '@kubernetes/client-node';

/** On every namespace, with its name; Kubernetes sets it. */
const namespaceLabel = 'kubernetes.io/metadata.name';

/**
 * As narrow a rule as a NetworkPolicy can say for an address. It knows no names: a host outside the cluster becomes any
 * host, at this port. A Service becomes all pods of its namespace, at any port: the policy is held against the pods'
 * ports, and which those are, only the Service tells, which may be in a namespace where the worker may read nothing.
 * @param url http or https.
 * @param namespace of the pod that asks.
 */
export function egressTo(url: string, namespace: string): V1NetworkPolicyEgressRule {
  const { hostname, port, protocol } = new URL(url);
  const ports = [{ protocol: 'TCP', port: Number(port) || (protocol === 'https:' ? 443 : 80) }];
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  if (version !== 0) return { to: [{ ipBlock: { cidr: `${address}/${version === 4 ? 32 : 128}` } }], ports };
  const own = namespaceOf(hostname, namespace);
  if (own === null) return { ports };
  return { to: [{ namespaceSelector: { matchLabels: { [namespaceLabel]: own } } }] };
}

/**
 * The namespace of a Service's host name: `judge`, `judge.llm`, `judge.other.svc`, `pod-0.judge.other.svc.cluster.local`.
 * Of two parts only where the second is the asking pod's own namespace: `openrouter.ai` is no Service.
 */
function namespaceOf(host: string, own: string): string | null {
  const parts = host.replace(/\.$/, '').split('.');
  const svc = parts.indexOf('svc', 2);
  if (svc !== -1) return parts[svc - 1] ?? null;
  if (parts.length === 1) return own;
  return parts.length === 2 && parts[1] === own ? own : null;
}
