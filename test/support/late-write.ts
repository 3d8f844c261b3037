import type { FaultStage } from './fault-stage.ts';
import type { WatchedWorker } from './watched-worker.ts';

/** A write that hangs on its way, and its worker with it. */
export interface LateWrite {
  /** Resolves when the worker has sent it, and is paused. */
  readonly hangs: Promise<unknown>;
  /** Lets the write go on, however late that is; resolves when the API server has answered. The worker stays paused. */
  arrive(): Promise<void>;
}

/** Pauses a worker in the first write whose name begins like this, and keeps that write. */
export function delayWrite(stage: FaultStage, worker: WatchedWorker, begins: string): LateWrite {
  const hangs = Promise.withResolvers<undefined>();
  const goes = Promise.withResolvers<undefined>();
  const answered = Promise.withResolvers<undefined>();
  let kept: string | null = null;
  stage.at = async ({ when, write }, by) => {
    if (by !== worker || write === null) return 'passes';
    if (kept === null && when === 'before' && write.startsWith(begins)) {
      kept = write;
      worker.pause();
      hangs.resolve(undefined);
      await goes.promise;
    } else if (write === kept && when === 'after') {
      answered.resolve(undefined);
    }
    return 'passes';
  };
  return {
    hangs: hangs.promise,
    arrive: async () => {
      goes.resolve(undefined);
      await answered.promise;
    },
  };
}
