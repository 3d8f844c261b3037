import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An object of the fake. */
export interface FakeObject {
  readonly text: string;
  readonly changedMs: number;
}

/** What the fake was asked: `PUT llama/a.jsonl`, `GET` for a list. */
export interface Asked {
  readonly what: string;
  readonly text: string;
}

/**
 * One bucket, `judge`, for what a real store cannot be made to do: errors, slowness, lists of many pages. It checks no
 * signatures; the tests with real Jobs have a real store for that.
 */
export class S3Fake {
  readonly objects = new Map<string, FakeObject>();
  readonly asked: Asked[] = [];
  /** Before each answer; an error's code makes it one of status 403, or 500 for `InternalError`. */
  before: (asked: Asked) => Promise<string | null> | string | null = () => null;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<S3Fake> {
    const fake = new S3Fake();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get bucket() {
    const { port } = this.#server.address() as AddressInfo;
    return { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', name: 'judge', prefix: 'llama/' };
  }

  /** Texts of the writes of an object, in the order in which they came. */
  writes(key: string): string[] {
    return this.asked.filter(({ what }) => what === `PUT ${key}`).map((it) => it.text);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const key = decodeURIComponent(pathname.replace(/^\/judge\/?/, ''));
    const { method = '' } = request;
    const asked = { what: `${method} ${key}`.trim(), text: await text(request) };
    this.asked.push(asked);
    const error = await this.before(asked);
    if (error !== null) {
      response.writeHead(error === 'InternalError' ? 500 : 403, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${error}</Code><Message>as asked</Message></Error>`);
      return;
    }
    if (method === 'PUT') this.objects.set(key, { text: asked.text, changedMs: Date.now() });
    if (method === 'DELETE') this.objects.delete(key);
    response.writeHead(method === 'DELETE' ? 204 : 200, { 'content-type': 'application/xml' });
    response.end(method === 'GET' ? this.#page(searchParams) : '');
  }

  /** Two objects a page. */
  #page(query: URLSearchParams): string {
    const after = query.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()].filter((key) => key > after).sort();
    const page = keys.slice(0, 2);
    const more = keys.length > page.length;
    return [
      '<ListBucketResult>',
      `<IsTruncated>${more}</IsTruncated>`,
      more ? `<NextContinuationToken>${page.at(-1) ?? ''}</NextContinuationToken>` : '',
      ...page.map((key) => {
        const changed = new Date(this.objects.get(key)?.changedMs ?? 0).toISOString();
        return `<Contents><Key>${key}</Key><LastModified>${changed}</LastModified></Contents>`;
      }),
      '</ListBucketResult>',
    ].join('');
  }
}
