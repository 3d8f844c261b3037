import type { Release } from '../../src/domain/plan/plan.ts';

interface ReleaseChanges {
  /** Of the stand-in: how it answers, and how badly. @default as stable */
  readonly behaviour?: object;
  /** More of the container. */
  readonly container?: object;
  /** More of the pod. */
  readonly pod?: object;
}

/**
 * A release of the example service. Its pods name the version as their arm in every answer, so that a test can tell whose
 * answer it was even after the promotion.
 */
export function standinRelease(version: string, changes: ReleaseChanges = {}): Release {
  const { behaviour, container, pod } = changes;
  const env = [
    { name: 'ARM', value: version },
    ...(behaviour === undefined ? [] : [{ name: 'BEHAVIOUR', value: JSON.stringify(behaviour) }]),
  ];
  const patch = { spec: { ...pod, containers: [{ name: 'vllm', env, ...container }] } };
  // Plans hold plain JSON.
  return { version, patch: JSON.parse(JSON.stringify(patch)) as Release['patch'] };
}
