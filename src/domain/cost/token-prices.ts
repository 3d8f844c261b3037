import type { ArmCost } from '../plan/metrics-plan.ts';
import { gpuPrices } from './gpu-prices.ts';

/** What one token costs, in the plan's currency, whichever that is. */
export interface TokenPrices {
  readonly perInputToken: number;
  readonly perOutputToken: number;
}

const million = 1_000_000;
const secondsPerHour = 3600;

/**
 * An arm's prices. By capacity, a pod's price is what it generates when it is full: output tokens carry everything, prompts
 * included. How busy the arm is now does not matter; otherwise a canary at 1 %, whose pod is nearly idle, would be dearer
 * than any limit by arithmetic: beside ten pods of stable 9.9 times.
 */
export function tokenPrices(cost: ArmCost): TokenPrices {
  if (cost.by === 'tokens') {
    const { inputPerMillion, outputPerMillion } = cost;
    return { perInputToken: inputPerMillion / million, perOutputToken: outputPerMillion / million };
  }
  const { gpusPerPod, perGpuHour } = cost;
  const price = typeof perGpuHour === 'number' ? perGpuHour : gpuPrices[perGpuHour].usdPerHour;
  const perPodSecond = (gpusPerPod * price) / secondsPerHour;
  return { perInputToken: 0, perOutputToken: perPodSecond / cost.outputTokensPerSecond };
}
