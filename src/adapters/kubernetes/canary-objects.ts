import type { V1Deployment, V1Service, V1ServicePort, V1ServiceSpec } from '@kubernetes/client-node';
import type { Release, Target } from '../../domain/plan/plan.ts';
import { canaryServiceName, canaryWorkloadName } from '../../domain/rollout/naming.ts';
import type { Owner } from '../../ports/workload.ts';
import { canaryLabels, marksOf } from './canary-labels.ts';
import { originNote } from './foreign-changes.ts';

/** What the canary is made from. */
export interface CanarySource {
  readonly target: Target;
  readonly release: Release;
  readonly owner: Owner;
  /** Stable's Deployment as it is. */
  readonly stable: V1Deployment;
  /** Stable's Deployment with the release's patch applied. */
  readonly patched: V1Deployment;
  /** Stable's Service. */
  readonly service: V1Service;
}

/**
 * The canary's Deployment: stable's in everything but name, labels and replicas. Its own labels are the rollout's marks
 * alone: stable's would make it a part of whatever keeps stable (Argo CD prunes by `app.kubernetes.io/instance`, Helm
 * and Flux have labels like it). No owner reference, for the same reason.
 */
export function canaryDeployment(source: CanarySource, replicas: number): V1Deployment {
  const { target, release, owner, stable, patched, service } = source;
  if (patched.spec === undefined) throw new Error(`Deployment ${target.workload.name} has no spec`);
  const { selector, pod } = canaryLabels(patched, service, release, owner);
  const { template } = patched.spec;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: canaryWorkloadName(target),
      namespace: target.namespace,
      labels: { ...marksOf(owner, release) },
      annotations: originNote(stable, patched),
    },
    spec: {
      ...patched.spec,
      paused: false,
      replicas,
      selector: { matchLabels: { ...selector } },
      template: { ...template, metadata: { ...template.metadata, labels: { ...pod } } },
    },
  };
}

/** Fields of a Service that change how its pods are reached; the rest is the cluster's (addresses) or stable's own. */
const kept = [
  'publishNotReadyAddresses',
  'sessionAffinity',
  'sessionAffinityConfig',
  'ipFamilies',
  'ipFamilyPolicy',
  'internalTrafficPolicy',
  'trafficDistribution',
] as const satisfies readonly (keyof V1ServiceSpec)[];

/**
 * Annotations by which a gateway is told how to speak to a Service: both arms must be spoken to alike. No others are
 * copied: some would give stable's DNS name or load balancer away.
 */
const keptAnnotations = 'projectcontour.io/';

/** The canary's Service: the ports of stable's, the canary's pods, an address inside the cluster. */
export function canaryService(source: CanarySource): V1Service {
  const { target, release, owner, patched, service } = source;
  const { spec = {}, metadata = {} } = service;
  const entries = kept.filter((key) => spec[key] !== undefined).map((key) => [key, spec[key]]);
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
    key.startsWith(keptAnnotations),
  );
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: canaryServiceName(target),
      namespace: target.namespace,
      labels: { ...marksOf(owner, release) },
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    spec: {
      ...(Object.fromEntries(entries) as Partial<V1ServiceSpec>),
      type: 'ClusterIP',
      ...(spec.clusterIP === 'None' ? { clusterIP: 'None' } : {}),
      selector: { ...canaryLabels(patched, service, release, owner).selector },
      ports: (spec.ports ?? []).map((port) => withoutNodePort(port)),
    },
  };
}

function withoutNodePort(port: V1ServicePort): V1ServicePort {
  const copy = { ...port };
  delete copy.nodePort;
  return copy;
}
