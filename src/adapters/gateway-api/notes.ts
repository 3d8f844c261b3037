import { z } from 'zod';
import type { HeaderRule } from '../../domain/plan/plan.ts';
import type { FenceOnRoute } from '../../domain/rollout/fence.ts';
import { annotations } from '../../domain/rollout/naming.ts';
import type { BackendRef, HttpRoute, RouteMatch } from './http-route.ts';

/** How a rule's backends were written before the canary came into it. */
export interface RuleBefore {
  /** Tells which rule it was. */
  readonly matches: readonly RouteMatch[];
  readonly backendRefs: readonly BackendRef[];
}

/** What a route remembers while a rollout owns it. */
export interface BeforeOnRoute {
  readonly rules: readonly RuleBefore[];
  /** The header of the extra rules that the rollout made; null when there are none. */
  readonly headerRule: HeaderRule | null;
}

const fenceSchema = z.object({
  rolloutId: z.string(),
  startedAtMs: z.number(),
  epoch: z.number(),
  released: z.boolean(),
});

const beforeSchema = z.object({
  rules: z.array(
    z.object({
      matches: z.array(z.looseObject({})),
      backendRefs: z.array(z.looseObject({ name: z.string() })),
    }),
  ),
  headerRule: z.object({ name: z.string(), value: z.string() }).nullable(),
});

/**
 * The fence on a route. One that cannot be read counts as none: it can protect nothing, and must not stop a way back.
 */
export function fenceOn(route: HttpRoute): FenceOnRoute | null {
  return parse(fenceSchema, route.metadata.annotations?.[annotations.fence]);
}

/** What was there before; null when nothing was noted, or when somebody removed or broke the note. */
export function beforeOn(route: HttpRoute): BeforeOnRoute | null {
  return parse(beforeSchema, route.metadata.annotations?.[annotations.before]);
}

/** The route with these notes; `before: null` removes that one. Other annotations stay. */
export function withNotes(
  route: HttpRoute,
  notes: { readonly fence: FenceOnRoute; readonly before: BeforeOnRoute | null },
): HttpRoute {
  const found = Object.entries(route.metadata.annotations ?? {});
  const others = Object.fromEntries(found.filter(([key]) => key !== annotations.before));
  const { rolloutId, startedAtMs, epoch, released } = notes.fence;
  const changed = {
    ...others,
    // The same order of fields each time: a note that says the same is the same text.
    [annotations.fence]: JSON.stringify({ rolloutId, startedAtMs, epoch, released }),
    ...(notes.before === null ? {} : { [annotations.before]: JSON.stringify(notes.before) }),
  };
  return { ...route, metadata: { ...route.metadata, annotations: changed } };
}

/** The value as it was written, unknown fields and order too: writing it again gives the same text. */
function parse<T>(schema: z.ZodType<T>, text: string | undefined): T | null {
  if (text === undefined) return null;
  try {
    const value = JSON.parse(text) as unknown;
    return schema.safeParse(value).success ? (value as T) : null;
  } catch {
    return null;
  }
}
