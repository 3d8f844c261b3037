import type { Logger as SdkLogger, LogLevel as SdkLevel, LogMetadata } from '@temporalio/worker';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** Fields that may carry secrets, wherever somebody logs an object of that shape (S12). */
const secret = ['authorization', 'apiKey', 'password', 'token', 'taskToken', 'clientKey'];

/** One JSON object a line, times as ISO 8601, levels by name. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    // Written at once: the last line before an exit is the one that matters.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

const levels: Readonly<Record<SdkLevel, Level>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Temporal's SDK, workflows and activities write into the same log. */
export function sdkLogger(logger: Logger): SdkLogger {
  const at = (level: SdkLevel) => (message: string, metadata?: LogMetadata) => {
    logger[levels[level]](fieldsOf(metadata ?? {}), message);
  };
  return {
    log: (level, message, metadata) => {
      at(level)(message, metadata);
    },
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
  };
}

/** Temporal's ids under the names that Sluice gives them everywhere. */
function fieldsOf(metadata: LogMetadata): Record<string, unknown> {
  const { workflowId, runId, workflowRunId, error, ...rest } = metadata;
  const rolloutId: unknown = runId ?? workflowRunId;
  return {
    ...(workflowId === undefined ? {} : { rollout: workflowId as unknown }),
    ...(rolloutId === undefined ? {} : { rolloutId }),
    ...rest,
    ...(error === undefined ? {} : { err: error as unknown }),
  };
}
