import { parsePlan } from '../../src/plan-file/read.ts';
import { renderProblem } from '../../src/plan-file/problem.ts';

/** Twelve lines; the last is where `added` begins. */
const lines = [
  'apiVersion: sluice.dev/v1alpha1',
  'kind: Rollout',
  'metadata: {name: llama, namespace: llm}',
  'spec:',
  '  workload: {kind: Deployment, name: vllm}',
  '  service: {name: vllm, port: 8000}',
  '  router: {kind: HTTPRoute, name: llm}',
  '  release:',
  '    version: v2',
  '    patch: {spec: {containers: [{name: vllm, image: example/vllm:v2}]}}',
  '  metrics: {prometheus: {url: "http://127.0.0.1:9090"}}',
];

export interface Change {
  /** By line number, from 1; null removes what the line says. */
  readonly lines?: Readonly<Record<number, string | null>>;
  /** From line 12 on. */
  readonly added?: readonly string[];
}

/** A good file, changed. */
export function fileText(change: Change = {}): string {
  const kept = lines.map((line, index) => {
    const other = change.lines?.[index + 1];
    return other === undefined ? line : (other ?? '');
  });
  return [...kept, ...(change.added ?? []), ''].join('\n');
}

/** What a person sees of a refused file, or the warnings of a good one. */
export function complaints(text: string): { readonly kind: string; readonly lines: readonly string[] } {
  const answer = parsePlan(text, 'rollout.yaml');
  const problems = answer.kind === 'ok' ? answer.warnings : answer.problems;
  return { kind: answer.kind, lines: problems.map(renderProblem) };
}
