import { z } from 'zod';

/**
 * Exactly one of these fields of a map.
 * @param missing the field that is told to be missing when there is none.
 * @param standIn what repair.ts puts in its place.
 */
export function withOneOf<Shape extends z.ZodType>(
  shape: Shape,
  names: readonly string[],
  { missing, standIn }: { readonly missing: string; readonly standIn: unknown },
): Shape {
  const allowed = oneOf(names);
  const check = (value: unknown, context: z.RefinementCtx) => {
    if (typeof value !== 'object' || value === null) return;
    const [first, ...more] = names.filter((it) => (value as Record<string, unknown>)[it] !== undefined);
    const complain = (name: string, params: object, message: string) => {
      context.addIssue({ code: 'custom', path: [name], message, params });
    };
    if (first === undefined) complain(missing, { standIn }, allowed);
    for (const name of more) complain(name, { standIn: undefined }, `nothing beside ${first}: ${allowed}`);
  };
  // Also beside other problems, so that all of them come in one answer.
  return shape.superRefine(check, { when: () => true });
}

export function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}
