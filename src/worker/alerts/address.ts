import { defaultCluster } from '../../domain/plan/defaults.ts';
import { formats } from '../../domain/plan/rules/values.ts';
import { workflowIdOf } from '../../domain/rollout/naming.ts';
import type { Alert } from './notification.ts';
import { alertActions, type AlertAction } from './settings.ts';

/** The labels that lead an alert to its rollout. */
export const alertLabels = {
  rollout: 'sluice_rollout',
  namespace: 'sluice_namespace',
  cluster: 'sluice_cluster',
  action: 'sluice_action',
} as const;

/** What stands in for the label `sluice_namespace`: metrics of pods carry it anyway. */
const usualNamespaceLabel = 'namespace';

const longestName = 100;

/** What a firing alert asks for. */
export interface Request {
  readonly alert: Alert;
  readonly name: string;
  /** Id of the rollout's workflow. */
  readonly rollout: string;
  readonly beganAtMs: number;
  readonly action: AlertAction;
  /** What was wrong with the label `sluice_action`, so that the default counts; null when nothing was. */
  readonly flaw: string | null;
}

export type Reading =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'resolved'; readonly name: string; readonly rollout: string }
  | { readonly kind: 'unaddressed'; readonly name: string; readonly why: string };

/** Reads from an alert's labels which rollout it is about, and what it asks for. */
export function readAlert(alert: Alert, defaultAction: AlertAction): Reading {
  const { labels } = alert;
  const name = (labels['alertname'] ?? 'an alert without a name').slice(0, longestName);
  const place = {
    [alertLabels.rollout]: labels[alertLabels.rollout] ?? '',
    [alertLabels.namespace]: labels[alertLabels.namespace] ?? labels[usualNamespaceLabel] ?? '',
    [alertLabels.cluster]: labels[alertLabels.cluster] ?? defaultCluster,
  };
  for (const [label, value] of Object.entries(place)) {
    // Anything else would make the id of another workflow, or of none.
    if (!formats.label.pattern.test(value)) return { kind: 'unaddressed', name, why: flawOf(label, value) };
  }
  const { sluice_cluster: cluster, sluice_namespace: namespace, sluice_rollout } = place;
  const rollout = workflowIdOf(cluster, namespace, sluice_rollout);
  if (alert.status === 'resolved') return { kind: 'resolved', name, rollout };
  const beganAtMs = Date.parse(alert.startsAt);
  return {
    kind: 'request',
    request: { alert, name, rollout, beganAtMs, ...readAction(alert, defaultAction) },
  };
}

/** An action that nobody knows must not make an alert do nothing: the default counts, and the reason says so. */
function readAction({ labels }: Alert, standard: AlertAction): Pick<Request, 'action' | 'flaw'> {
  const text = labels[alertLabels.action] ?? '';
  const action = alertActions.find((it) => it === text);
  if (action !== undefined || text === '') return { action: action ?? standard, flaw: null };
  const allowed = alertActions.join(' or ');
  return {
    action: standard,
    flaw: `label ${alertLabels.action} must be ${allowed}: found ${quoted(text)}, took ${standard}`,
  };
}

function flawOf(label: string, value: string): string {
  const names = label === alertLabels.namespace ? `${label} or ${usualNamespaceLabel}` : label;
  return `label ${names} must be ${formats.label.text}: found ${value === '' ? 'nothing' : quoted(value)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
