/** What a list of statuses that make an answer a failure may have: a class (`4xx`, `5xx`), or a single one (`429`). */
export const failingStatus = { pattern: /^[45](xx|\d\d)$/, text: '4xx, 5xx, or a status from 400 to 599' };

/** The classes of a list, by their digit. */
export function failingClasses(failing: readonly string[]): string[] {
  return failing.filter(isClass).map((it) => it.slice(0, 1));
}

/** The single statuses of a list that no class of it covers. */
export function singleStatuses(failing: readonly string[]): string[] {
  const classes = failingClasses(failing);
  return failing.filter((it) => !isClass(it) && !classes.includes(it.slice(0, 1)));
}

function isClass(status: string): boolean {
  return status.endsWith('xx');
}

/** Whether a list has a status, by itself or by its class. */
export function isFailing(status: string, failing: readonly string[]): boolean {
  return failing.includes(status) || failingClasses(failing).includes(status.slice(0, 1));
}
