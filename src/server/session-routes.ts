import type { Store } from '../store/store.js';
import { notFound } from './api-routes.js';
import type { PinResponse, RemovedResponse } from './api-types.js';
import type { LiveFeed } from './live.js';
import { sendJson } from './reply.js';
import type { Route } from './router.js';
import { storeFailure } from './store-failure.js';

export interface SessionRoutesOptions {
  store: Store;
  live: Pick<LiveFeed, 'publish'>;
  log: (line: string) => void;
}

/** What changes a session as a whole: keeping it, no longer keeping it, removing it. */
export function sessionRoutes({ store, live, log }: SessionRoutesOptions): Route[] {
  const change = async (id: string, work: () => Promise<boolean>): Promise<void> => {
    const isKnown = await work().catch((cause: unknown) => {
      throw storeFailure(cause, log);
    });
    if (!isKnown) throw notFound('session');
    live.publish({ sessionIds: [id], traceIds: [], spanCount: 0 });
  };
  const pin =
    (isPinned: boolean): Route['handle'] =>
    async ({ res, params }) => {
      const id = params['id'] ?? '';
      await change(id, () => store.pin(id, isPinned));
      sendJson(res, 200, { pinned: isPinned } satisfies PinResponse);
    };
  return [
    { method: 'PUT', path: '/api/sessions/:id/pin', handle: pin(true) },
    { method: 'DELETE', path: '/api/sessions/:id/pin', handle: pin(false) },
    {
      method: 'DELETE',
      path: '/api/sessions/:id',
      async handle({ res, params }) {
        const id = params['id'] ?? '';
        await change(id, () => store.remove(id));
        sendJson(res, 200, { removed: true } satisfies RemovedResponse);
      },
    },
  ];
}
