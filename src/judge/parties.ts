import type { Agent } from 'undici';
import type { TokensUsed } from '../domain/judge/answer.ts';
import type { ContestantConfig, JudgeConfig } from '../domain/judge/config.ts';
import { ChatEndpoint } from './chat-endpoint.ts';
import { Contestant } from './contestant.ts';
import type { Patience } from './http.ts';
import type { Parties } from './judge-one.ts';
import { JudgeModel } from './judge-model.ts';
import { Pace } from './pace.ts';

/** Both arms and the judge, ready to be asked. */
export interface Endpoints {
  readonly parties: Omit<Parties, 'keepsSchema'>;
  /** The contestants' models, for what a judge may be related to. */
  readonly models: readonly string[];
  readonly tokens: () => TokensUsed;
}

export interface EndpointsOptions {
  readonly agent: Agent;
  readonly patience: Patience;
  readonly apiKey: string | null;
  readonly giveUp: (why: string) => void;
}

/** On each request to an arm, so that whoever counts its requests can leave these out. */
const mark = { 'x-sluice-judge': '1' } as const;

/** @returns why an arm's model is not known, where nobody said which one to ask for. */
export async function openEndpoints(
  config: JudgeConfig,
  options: EndpointsOptions,
  signal: AbortSignal,
): Promise<Endpoints | { readonly failed: string }> {
  const { agent, patience, giveUp } = options;
  const common = { agent, patience, giveUp };
  const armOf = (name: string, { url, headers }: ContestantConfig) =>
    new ChatEndpoint({
      ...common,
      ...{ name, url, headers: { ...headers, ...mark }, pace: new Pace(config.requestsPerSecond) },
    });
  const stable = armOf('stable', config.stable);
  const canary = armOf('canary', config.canary);
  const [stableModel, canaryModel] = await Promise.all([
    config.stable.model ?? stable.firstModel(signal),
    config.canary.model ?? canary.firstModel(signal),
  ]);
  if (typeof stableModel !== 'string') return { failed: `stable names no model: ${stableModel.failed}` };
  if (typeof canaryModel !== 'string') return { failed: `canary names no model: ${canaryModel.failed}` };

  const headers = authorized(options.apiKey);
  const judge =
    config.judge === null
      ? null
      : new ChatEndpoint({
          ...common,
          ...{ name: 'the judge', url: config.judge.url, headers, pace: new Pace(null) },
        });
  const { seed } = config.sampling;
  return {
    parties: {
      stable: new Contestant(stable, stableModel, config.sampling),
      canary: new Contestant(canary, canaryModel, config.sampling),
      judge:
        judge === null || config.judge === null
          ? null
          : new JudgeModel(judge, config.judge.model, { seed, criteria: config.criteria }),
    },
    models: [stableModel, canaryModel],
    tokens: () => ({
      judge: judge?.tokens ?? { input: 0, output: 0 },
      stable: stable.tokens,
      canary: canary.tokens,
    }),
  };
}

function authorized(apiKey: string | null): Readonly<Record<string, string>> {
  return apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
}
