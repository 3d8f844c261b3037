/**
 * Works on all items, so many of them at a time, in their order.
 *
 * @param work must not reject but to end everything: no item is begun after that, and this rejects when all that run end
 */
export async function inParallel<T>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atATime, items.length) }, worker));
  const first = ended.find((it) => it.status === 'rejected');
  if (first !== undefined) throw first.reason;
}
