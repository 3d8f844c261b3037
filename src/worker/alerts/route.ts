import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { AlertDesk } from './alert-desk.ts';
import { readNotification } from './notification.ts';
import type { AlertResult, RequestResult } from './results.ts';
import { carriesToken } from './token.ts';

/** A notification of about 500 alerts; more is refused unread. */
const longestBodyBytes = 1024 * 1024;

export interface AlertRouteParts {
  readonly desk: Pick<AlertDesk, 'take'>;
  /** @throws when there is none now. */
  readonly readToken: () => string;
  readonly onResult: (result: AlertResult | RequestResult) => void;
  readonly logger: Logger;
}

/**
 * POST /alerts: 200 with what came of each alert. 401 without the token; 400 or 413 for what is no notification; 503
 * when something did not answer, so that Alertmanager comes again.
 */
export function serveAlerts(
  server: FastifyInstance,
  { desk, readToken, onResult, logger }: AlertRouteParts,
): void {
  /** Before the body is read: who has no token sends no megabyte. */
  async function authorize(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    let token: string;
    try {
      token = readToken();
    } catch (error) {
      logger.error({ why: sentenceOf(error) }, 'the token of /alerts cannot be read; no alert is taken');
      return reply.code(503).send({ error: 'the token of /alerts cannot be read' });
    }
    if (carriesToken(request.headers.authorization, token)) return undefined;
    onResult('unauthorized');
    logger.warn({ from: request.ip }, 'a request to /alerts without the right token');
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ error: 'the header authorization must be Bearer with the token of SLUICE_WEBHOOK_TOKEN' });
  }

  function refuse(reply: FastifyReply, status: number, why: string): FastifyReply {
    onResult('invalid');
    logger.warn({ why }, 'a request to /alerts that is no notification of Alertmanager');
    return reply.code(status).send({ error: why });
  }

  server.post(
    '/alerts',
    {
      bodyLimit: longestBodyBytes,
      onRequest: authorize,
      errorHandler: (error, _, reply) => {
        const { statusCode = 500, message } = error;
        if (statusCode < 500) {
          refuse(reply, statusCode, message);
          return;
        }
        logger.error({ err: error }, 'alerts could not be taken');
        reply.code(500).send({ error: 'alerts could not be taken; the log of the worker says why' });
      },
    },
    async (request, reply) => {
      const reading = readNotification(request.body);
      if (reading.kind === 'refused') return refuse(reply, 400, reading.problem);
      const { truncatedAlerts } = reading.notification;
      if (truncatedAlerts > 0) logger.warn({ truncatedAlerts }, 'Alertmanager left alerts out: max_alerts');
      const alerts = await desk.take(reading.notification);
      for (const answer of alerts) {
        onResult(answer.result);
        logger[levels[answer.result]](answer, `an alert: ${answer.result}`);
      }
      return reply.code(alerts.some(({ result }) => result === 'unanswered') ? 503 : 200).send({ alerts });
    },
  );
}

const levels = {
  aborted: 'warn',
  held: 'warn',
  resolved: 'debug',
  older: 'info',
  seen: 'info',
  noRollout: 'info',
  refused: 'info',
  unaddressed: 'warn',
  unanswered: 'error',
} as const satisfies Record<AlertResult, string>;

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
