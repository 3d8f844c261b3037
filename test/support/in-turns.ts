/**
 * Works on things side by side, no more than so many at once, the first ones first.
 * @returns a promise for each, by its name.
 */
export function inTurns<Name extends string, Thing, Result>(
  atOnce: number,
  things: Readonly<Record<Name, Thing>>,
  work: (thing: Thing) => Promise<Result>,
): Record<Name, Promise<Result>> {
  const all = (Object.entries(things) as [Name, Thing][]).map(([name, thing]) => {
    const settled = Promise.withResolvers<Result>();
    // Whoever asks hears what went wrong; nobody else should end the process by it.
    settled.promise.catch(() => undefined);
    return { name, thing, settled };
  });
  const waiting = [...all];
  const next = async (): Promise<void> => {
    const one = waiting.shift();
    if (one === undefined) return;
    await work(one.thing).then(one.settled.resolve, one.settled.reject);
    await next();
  };
  for (let lane = 0; lane < atOnce; lane += 1) void next();
  return Object.fromEntries(all.map(({ name, settled }) => [name, settled.promise])) as Record<
    Name,
    Promise<Result>
  >;
}
