import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { exitCodes } from '../exit-codes.ts';
import { CliProblem } from '../problem.ts';
import type { Rollouts } from './rollouts.ts';
import { connectionHint, problemOf, troubleOf, wordsOf } from './temporal-errors.ts';
import { TemporalRollouts } from './temporal-rollouts.ts';

/** Longest time for the first answer. */
const connectTimeoutMs = 5000;

/**
 * Connects as the environment says: TEMPORAL_* and profiles as in the Temporal CLI, SLUICE_TASK_QUEUE for the queue.
 *
 * @throws CliProblem when the settings cannot be read, or Temporal does not answer.
 */
export async function connectRollouts(env: NodeJS.ProcessEnv): Promise<Rollouts> {
  const { connectionOptions, namespace = 'default' } = readConnection(env);
  const { address = 'localhost:7233', tls, apiKey, metadata } = connectionOptions;
  const place = { address, namespace };
  const connection = Connection.lazy({
    address,
    connectTimeout: connectTimeoutMs,
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(metadata === undefined ? {} : { metadata }),
  });
  try {
    await connection.ensureConnected();
    const client = new Client({ connection, namespace });
    const openOnly = new Client({ connection, namespace, workflow: { queryRejectCondition: 'NOT_OPEN' } });
    const taskQueue = env['SLUICE_TASK_QUEUE'] ?? 'sluice';
    return new TemporalRollouts({ connection, client, openOnly, place, taskQueue });
  } catch (error) {
    // One that goes on trying would keep the process alive.
    await connection.close();
    const trouble = troubleOf(error);
    // Waiting for a connection that never comes ends in no gRPC error.
    throw problemOf(error, place, trouble === 'other' ? 'away' : trouble);
  }
}

function readConnection(env: NodeJS.ProcessEnv): ClientConnectConfig {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(entries) });
  } catch (error) {
    throw new CliProblem(
      exitCodes.badInput,
      `Cannot read how to connect to Temporal: ${wordsOf(error)}`,
      connectionHint,
      error,
    );
  }
}
