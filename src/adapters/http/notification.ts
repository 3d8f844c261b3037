import { failureTypes } from '../../domain/failures.ts';
import { PortFault } from '../../ports/faults.ts';
import type { NotificationPort } from '../../ports/notification.ts';

const timeoutMs = 5000;

/** POSTs events as JSON. */
export const httpNotification: NotificationPort = {
  async send({ url }, event, signal) {
    const body = JSON.stringify(event);
    const headers = { 'content-type': 'application/json' };
    const ended = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const status = await fetch(url, { method: 'POST', body, headers, signal: ended }).then(
      (response) => response.status,
      (error: unknown) => String(error),
    );
    if (typeof status === 'number' && status < 300) return;
    // Without the path: addresses of chat systems carry their secret in it (S12).
    throw new PortFault(failureTypes.Unavailable, `${new URL(url).host} answers ${status}`);
  },
};
