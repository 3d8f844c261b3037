import {
  goesOn,
  startHttpInterceptor,
  type HttpAnswer,
  type HttpInterceptor,
  type Server,
} from './http-interceptor.ts';
import { httpMoment, type Moment } from './moments.ts';
import type { Passage } from './temporal-interceptor.ts';

/** Says what becomes of a request, or of its answer. */
export type AtMoment = (moment: Moment) => Promise<Passage>;

interface Way {
  readonly server: Server;
  readonly at: AtMoment;
  /** An answer in place of the server's, which then hears nothing; null for none. @default never */
  readonly instead?: () => HttpAnswer | null;
}

/** Puts somebody between a server and those who ask it: what is lost at its moment gets no further. */
export function interceptHttp(
  to: Exclude<Moment['to'], 'temporal'>,
  { server, at, instead = () => null }: Way,
): Promise<HttpInterceptor> {
  return startHttpInterceptor(server, async (call, forward) => {
    // A question of the worker's own health; and a watch, which only says when it is worth to ask.
    if (call.path === '/version' || goesOn(call.path)) return forward();
    if ((await at(httpMoment(to, 'before', call))) === 'lost') return 'nothing';
    const answer = instead() ?? (await forward());
    return (await at(httpMoment(to, 'after', call))) === 'lost' ? 'nothing' : answer;
  });
}
