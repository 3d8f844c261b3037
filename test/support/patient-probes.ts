import type { KubernetesObject, V1Deployment } from '@kubernetes/client-node';

/** Lets a Deployment's probes wait 10 s for an answer: a pod is not to look unready because the machine is busy. */
export function withPatientProbes(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const patient = structuredClone(object) as V1Deployment;
  for (const container of patient.spec?.template.spec?.containers ?? []) {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    for (const probe of [startupProbe, readinessProbe, livenessProbe])
      if (probe !== undefined) probe.timeoutSeconds = 10;
  }
  return patient;
}
