import { isConflict } from '../kubernetes-api/faults.ts';

/** Controllers write a status now and then: more often than this in a row is somebody else's loop. */
const attempts = 5;

/**
 * Runs read, decide, write; again when somebody wrote in between, for the decision may be another one now.
 * @throws PortFault Unavailable when it went so five times.
 */
export async function decideAgainOnConflict<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || count >= attempts) throw error;
    }
  }
}
