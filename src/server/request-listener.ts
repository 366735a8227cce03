import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SpoorError } from '../shared/errors.js';
import type { Guard } from './guard.js';
import { HttpFailure } from './http-failure.js';
import type { TranslatorLimits } from './options.js';
import type { Access } from './access.js';
import { discardBody } from './read-body.js';
import { sendStatus, type ReceivedCounts } from './receiver.js';
import { SECURITY_HEADERS, sendApiError, sendText } from './reply.js';
import type { Projects, Visit } from './projects.js';
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
  limits: Pick<TranslatorLimits, 'bodyBytes' | 'pipelined'>;
  log: (line: string) => void;
}

const DISCARD_MS = 5_000;

/** Guards, routes and answers each request; whatever goes wrong, the client gets a proper status and no inside story. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const active = new Set<Promise<void>>();
  const waiting = new WeakMap<Socket, number>();
  return {
    handle(req, res) {
      const isTooMany = countRequest(waiting, req.socket, res) > options.limits.pipelined;
      const done = answer(options, req, res, isTooMany).finally(() => active.delete(done));
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

/** Requests of this connection that have no answer yet, this one included: node reads on while they wait. */
function countRequest(waiting: WeakMap<Socket, number>, socket: Socket, res: ServerResponse): number {
  const count = (waiting.get(socket) ?? 0) + 1;
  waiting.set(socket, count);
  res.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
  return count;
}

async function answer(
  options: RequestListenerOptions,
  req: IncomingMessage,
  res: ServerResponse,
  isTooMany: boolean,
): Promise<void> {
  res.on('error', () => {});
  let { received } = options.projects.default;
  let visit: Visit | undefined;
  try {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) res.setHeader(name, value);
    options.guard.check(req);
    if (isTooMany) throw tooManyAtOnce();
    visit = await options.projects.enter(options.access.check(req));
    const { routes } = visit.workspace;
    received = visit.workspace.received;
    await matchRoute(routes, req, res)();
  } catch (cause) {
    fail(options, received, req, res, cause);
  } finally {
    if (visit !== undefined) leaveAfter(res, visit);
  }
  discardBody(req, options.limits.bodyBytes, DISCARD_MS);
}

/** An event stream goes on when its route has returned. */
function leaveAfter(res: ServerResponse, visit: Visit): void {
  if (res.closed) visit.leave();
  else res.once('close', () => visit.leave());
}

function tooManyAtOnce(): HttpFailure {
  return new HttpFailure(
    429,
    'SPOOR_OVERLOADED',
    'Too many requests of this connection wait for an answer.',
    {
      'retry-after': '1',
      connection: 'close',
    },
  );
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
