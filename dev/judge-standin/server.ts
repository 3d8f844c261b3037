import fastify, { type FastifyInstance } from 'fastify';
import { addAdmin } from './admin.ts';
import { addApi } from './api.ts';
import { parseBehaviour, type BehaviourPatch } from './behaviour.ts';
import { LiveBehaviour } from './live-behaviour.ts';

/** How to start a stand-in judge. */
export interface JudgeStandinOptions {
  /** Address to listen on. @default 127.0.0.1 */
  readonly host?: string;
  /** Port of the API, 0 for any free one. @default 0 */
  readonly port?: number;
  /** Port of the admin calls, 0 for any free one. @default 0 */
  readonly adminPort?: number;
  /** The served model; any other is answered with 404. @default judge-standin */
  readonly model?: string;
  /** Laid over the defaults. */
  readonly behaviour?: BehaviourPatch;
}

/** A running stand-in judge. */
export interface JudgeStandin {
  readonly url: string;
  readonly adminUrl: string;
  /** Stops at once, cutting off what runs. */
  close(): Promise<void>;
}

/** A judge is asked with two answers and a question, each of which may be long. */
const bodyLimit = 16 * 2 ** 20;

/**
 * Starts a stand-in judge and resolves once it listens.
 * @throws Error with every problem of the behaviour, or the system's where a port cannot be taken
 */
export async function startJudgeStandin(options: JudgeStandinOptions = {}): Promise<JudgeStandin> {
  const { host = '127.0.0.1', port = 0, adminPort = 0, model = 'judge-standin' } = options;
  const parsed = parseBehaviour({}, options.behaviour ?? {});
  if (parsed.kind === 'refused')
    throw new Error(`Cannot start with this behaviour: ${parsed.problems.join('; ')}`);
  const behaviour = new LiveBehaviour(parsed.behaviour);
  const api = fastify({ bodyLimit, forceCloseConnections: true });
  const admin = fastify({ forceCloseConnections: true });
  addApi(api, behaviour, model);
  addAdmin(admin, behaviour);
  return {
    url: await api.listen({ host, port }),
    adminUrl: await listenOrClose(admin, host, adminPort, api),
    close: async () => {
      await Promise.all([api.close(), admin.close()]);
    },
  };
}

/** Without its second port it is of no use. */
async function listenOrClose(
  app: FastifyInstance,
  host: string,
  port: number,
  other: FastifyInstance,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await other.close();
    throw error;
  }
}
