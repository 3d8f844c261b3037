import { createActivities } from '../../src/activities/index.ts';
import { FakeWorld } from './fake-ports.ts';
import type { HttpCall } from './http-interceptor.ts';
import { writeName } from './kubernetes-writes.ts';
import type { TemporalCall } from './temporal-interceptor.ts';

/** A request of a worker, on its way out or, once it was obeyed, on its way back: a place to die at. */
export interface Moment {
  readonly to: 'kubernetes' | 'prometheus' | 'notification' | 'temporal';
  /** `before`: nobody has heard of it; `after`: it was obeyed, and the worker has not heard. */
  readonly when: 'before' | 'after';
  /** For people: what was asked. */
  readonly what: string;
  /** Of Kubernetes: what it changes, null for reads. */
  readonly write: string | null;
  /** Of Temporal: what the message does with activities, and their types. */
  readonly activities: readonly string[];
  readonly does: 'handOut' | 'schedule' | 'answer' | 'fail' | null;
}

/** Every type of activity that a worker registers. */
export const activityTypes: readonly string[] = Object.keys(createActivities(new FakeWorld().ports));

/** A request over HTTP. */
export function httpMoment(
  to: Exclude<Moment['to'], 'temporal'>,
  when: Moment['when'],
  call: HttpCall,
): Moment {
  const write = to === 'kubernetes' ? writeName(call) : null;
  const what = `${to}: ${write ?? `${call.method} ${call.path}`}`;
  return { to, when, what, write, activities: [], does: null };
}

const doings: Readonly<Record<string, Exclude<Moment['does'], null>>> = {
  PollActivityTaskQueue: 'handOut',
  RespondWorkflowTaskCompleted: 'schedule',
  RespondActivityTaskCompleted: 'answer',
  RespondActivityTaskCanceled: 'answer',
  RespondActivityTaskFailed: 'fail',
};

/** A request to Temporal. Types are in its messages as they are: in commands, in tasks, and in the tokens of tasks. */
export function temporalMoment(when: Moment['when'], { method, message, answer }: TemporalCall): Moment {
  const does = doings[method] ?? null;
  const told = does === 'handOut' ? answer : message;
  const activities = does === null ? [] : activityTypes.filter((type) => told.includes(type));
  const what = `temporal: ${[method, ...activities].join(' ')}`;
  return { to: 'temporal', when, what, write: null, activities, does };
}
