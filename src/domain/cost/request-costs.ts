import type { Amounts } from '../analysis/measurement.ts';
import type { TokenPrices } from './token-prices.ts';

/** Tokens of the requests of one arm: of their prompts, and of their answers. */
export interface RequestTokens {
  readonly input: Amounts;
  readonly output: Amounts;
}

/** The mean cost of a request. Nobody knows how the two sizes go together, so the deviations are added. */
export function costPerRequest({ input, output }: RequestTokens, prices: TokenPrices): Amounts {
  const { perInputToken, perOutputToken } = prices;
  return {
    count: output.count,
    mean: perInputToken * input.mean + perOutputToken * output.mean,
    deviation: perInputToken * input.deviation + perOutputToken * output.deviation,
  };
}

/**
 * What 1,000 generated tokens cost: the cost of all requests divided by the tokens of all answers. Its deviation is that of
 * the linearised ratio (Cochran, "Sampling Techniques", 3rd ed. 1977, section 6.3), the two sizes' deviations added.
 */
export function costPer1kTokens({ input, output }: RequestTokens, prices: TokenPrices): Amounts {
  if (output.mean === 0) return { count: 0, mean: 0, deviation: 0 };
  const inputPerOutput = input.mean / output.mean;
  const thousand = 1000;
  const { perInputToken, perOutputToken } = prices;
  return {
    count: output.count,
    mean: thousand * (perOutputToken + perInputToken * inputPerOutput),
    deviation:
      (thousand * perInputToken * (input.deviation + inputPerOutput * output.deviation)) / output.mean,
  };
}
