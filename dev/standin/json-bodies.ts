import type { FastifyInstance } from 'fastify';

/** Reads every body as JSON whatever its content type says, as vLLM does; a bad one is an error of status 400. */
export function readEveryBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => {
    try {
      parsed(null, JSON.parse(body as string));
    } catch (error) {
      parsed(Object.assign(new Error(`JSON decode error: ${String(error)}`), { statusCode: 400 }));
    }
  });
}
