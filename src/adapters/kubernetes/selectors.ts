import type { V1LabelSelector, V1LabelSelectorRequirement } from '@kubernetes/client-node';

export type Labels = Readonly<Record<string, string>>;

/** Whether a label selector matches, as Kubernetes decides it: an empty selector matches everything. */
export function matches(selector: V1LabelSelector, labels: Labels): boolean {
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels))
  );
}

/** A selector as the API's `labelSelector` parameter, which is also how people read it: `app=vllm,tier in (a,b)`. */
export function selectorText(selector: V1LabelSelector): string {
  const pairs = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...pairs, ...(selector.matchExpressions ?? []).map(requirementText)].join(',');
}

/** Whether it selects every pod of the namespace. */
export function isEmpty(selector: V1LabelSelector): boolean {
  return selectorText(selector) === '';
}

function meets({ key, operator, values = [] }: V1LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    default:
      throw new Error(`a selector's operator must be In, NotIn, Exists or DoesNotExist: it is ${operator}`);
  }
}

function requirementText({ key, operator, values = [] }: V1LabelSelectorRequirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  }
}
