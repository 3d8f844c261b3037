import type {
  V1Deployment,
  V1LabelSelector,
  V1NetworkPolicy,
  V1ObjectMeta,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';
import { isEmpty, matches, selectorText, type Labels } from './selectors.ts';

/** Everything in a namespace that selects pods by labels. */
export interface Selecting {
  readonly deployments: readonly V1Deployment[];
  readonly replicaSets: readonly V1ReplicaSet[];
  readonly statefulSets: readonly V1StatefulSet[];
  readonly services: readonly V1Service[];
  readonly podDisruptionBudgets: readonly V1PodDisruptionBudget[];
  readonly networkPolicies: readonly V1NetworkPolicy[];
}

interface NamedSelector {
  /** `Service llm/vllm`. */
  readonly name: string;
  readonly selector: V1LabelSelector;
}

/**
 * Selectors that would take the canary's pods for their own: traffic beside the route, controllers that count them,
 * budgets that mix the arms.
 * @param canary the labels that the canary's pods would have.
 */
export function selectorProblems(all: Selecting, canary: Labels): string[] {
  return namedSelectors(all)
    .filter(({ selector }) => matches(selector, canary))
    .map(
      ({ name, selector }) =>
        `${name} would also select the canary's pods (by ${selectorText(selector) || 'selecting all pods'}): ` +
        'let it select by the labels by which the Deployment and the Service of the target select',
    );
}

/**
 * NetworkPolicies that treat the arms differently. These are not to pass the canary by: a canary without stable's
 * policies is either cut off or less guarded than stable is.
 */
export function networkPolicyProblems(all: Selecting, stable: Labels, canary: Labels): string[] {
  return all.networkPolicies.flatMap(({ metadata, spec }) => {
    const selector = spec?.podSelector ?? {};
    const selectsStable = matches(selector, stable);
    if (selectsStable === matches(selector, canary)) return [];
    const what = selectsStable ? "stable's pods and not the canary's" : "the canary's pods and not stable's";
    return [
      `${nameOf('NetworkPolicy', metadata)} would select ${what} (by ${selectorText(selector)}): ` +
        'let it select both, for example by a label that is not in the selector of the Deployment',
    ];
  });
}

function namedSelectors(all: Selecting): NamedSelector[] {
  const standAlone = all.replicaSets.filter(
    ({ metadata }) => !metadata?.ownerReferences?.some(({ controller }) => controller === true),
  );
  return [
    ...all.services
      .map((it) => ({
        name: nameOf('Service', it.metadata),
        selector: { matchLabels: it.spec?.selector ?? {} },
      }))
      // An empty label selector would match everything; a Service without selector has no pods.
      .filter(({ selector }) => !isEmpty(selector)),
    ...all.deployments.map((it) => ofSpec('Deployment', it)),
    ...standAlone.map((it) => ofSpec('ReplicaSet', it)),
    ...all.statefulSets.map((it) => ofSpec('StatefulSet', it)),
    ...all.podDisruptionBudgets
      // Without a selector it matches nothing, with an empty one everything.
      .filter(({ spec }) => spec?.selector !== undefined)
      .map((it) => ofSpec('PodDisruptionBudget', it)),
  ];
}

function ofSpec(
  kind: string,
  { metadata, spec }: { metadata?: V1ObjectMeta; spec?: { selector?: V1LabelSelector } },
): NamedSelector {
  return { name: nameOf(kind, metadata), selector: spec?.selector ?? {} };
}

function nameOf(kind: string, metadata: V1ObjectMeta | undefined): string {
  return `${kind} ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}
