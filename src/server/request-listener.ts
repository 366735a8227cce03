import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpoorError } from '../shared/errors.js';
import type { Guard } from './guard.js';
import { HttpFailure } from './http-failure.js';
import type { TranslatorLimits } from './options.js';
import type { Access } from './access.js';
import { discardBody } from './read-body.js';
import { sendStatus, type ReceivedCounts } from './receiver.js';
import { SECURITY_HEADERS, sendApiError, sendText } from './reply.js';
import type { Projects } from './projects.js';
import { matchRoute } from './router.js';

export interface RequestListener {
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** Resolves when no request is under way, at the latest after `graceMs`. */
  idle(graceMs: number): Promise<void>;
}

export interface RequestListenerOptions {
  guard: Guard;
  access: Access;
  projects: Projects;
  limits: Pick<TranslatorLimits, 'bodyBytes'>;
  log: (line: string) => void;
}

const DISCARD_MS = 5_000;

/** Guards, routes and answers each request; whatever goes wrong, the client gets a proper status and no inside story. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const active = new Set<Promise<void>>();
  return {
    handle(req, res) {
      const done = answer(options, req, res).finally(() => active.delete(done));
      active.add(done);
    },
    async idle(graceMs) {
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all(active), grace]);
      clearTimeout(timer);
    },
  };
}

async function answer(
  options: RequestListenerOptions,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  res.on('error', () => {});
  let { received } = options.projects.default;
  try {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) res.setHeader(name, value);
    options.guard.check(req);
    const workspace = await options.projects.open(options.access.check(req));
    received = workspace.received;
    await matchRoute(workspace.routes, req, res)();
  } catch (cause) {
    fail(options, received, req, res, cause);
  }
  discardBody(req, options.limits.bodyBytes, DISCARD_MS);
}

function fail(
  options: RequestListenerOptions,
  received: ReceivedCounts,
  req: IncomingMessage,
  res: ServerResponse,
  cause: unknown,
): void {
  const failure =
    cause instanceof HttpFailure ? cause : (wrongQuery(cause) ?? internalFailure(cause, options.log));
  const path = req.url ?? '';
  try {
    if (path.startsWith('/v1/')) {
      received.rejectedRequests += 1;
      sendStatus(req, res, failure);
    } else if (path.startsWith('/api/')) {
      sendApiError(res, failure.status, { code: failure.code, message: failure.message }, failure.headers);
    } else {
      sendText(res, failure.status, failure.message, failure.headers);
    }
  } catch (unsendable) {
    options.log(`spoor: an answer could not be sent: ${String(unsendable)}`);
    res.destroy();
  }
}

/** What the store refuses of a query, such as a cursor that is not its own, is the client's mistake. */
function wrongQuery(cause: unknown): HttpFailure | undefined {
  if (!(cause instanceof SpoorError) || cause.code !== 'SPOOR_OPTION_INVALID') return undefined;
  return new HttpFailure(400, 'SPOOR_REQUEST_INVALID', cause.message);
}

function internalFailure(cause: unknown, log: (line: string) => void): HttpFailure {
  log(`spoor: internal error: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
  return new HttpFailure(500, 'SPOOR_INTERNAL', 'The translator failed; its standard error output says why.');
}
