import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SpoorError } from '../shared/errors.js';
import type { Store } from '../store/store.js';
import { apiRoutes } from './api-routes.js';
import { blobRoutes } from './blob-routes.js';
import { createCommitQueue } from './commit-queue.js';
import { createAccess } from './access.js';
import { assertBind, createGuard } from './guard.js';
import { NO_FORWARDER, openForwarder } from './forward/open-forwarder.js';
import type { Forwarder } from './forward/forwarder.js';
import { createLiveFeed } from './live.js';
import { startRetention } from './retention.js';
import { sessionRoutes } from './session-routes.js';
import { sqlRoutes } from './sql-routes.js';
import { openDataDir, storePath, type DataDirOptions } from './data-dir.js';
import { resolveOptions, type ResolvedOptions, type TranslatorOptions } from './options.js';
import { createProjects, type Workspace } from './projects.js';
import type { ByteBudget } from './read-body.js';
import { receiverRoutes, type ReceivedCounts } from './receiver.js';
import { createRequestListener } from './request-listener.js';
import { answerClientError } from './client-error.js';
import { createStaticFiles } from './static-files.js';
import type { Route } from './router.js';
import { VERSION } from '../shared/version.js';

export interface Translator {
  /** `http://127.0.0.1:4318`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly store: Store;
  /** Lets requests under way finish, ends every connection, and closes the store that it opened. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP receiver with its store, JSON API and dashboard on one port.
 * @throws SpoorError `SPOOR_OPTION_UNKNOWN`, `SPOOR_OPTION_INVALID`, `SPOOR_BIND_REFUSED`, `SPOOR_PORT_IN_USE`, `SPOOR_DATA_IN_USE`, and what
 * opening the store throws
 * @example
 * const translator = await startTranslator({ port: 0, dataDir: './.spoor' });
 * console.log(translator.url);
 * await translator.close();
 */
export async function startTranslator(options: TranslatorOptions = {}): Promise<Translator> {
  const resolved = resolveOptions(options);
  assertBind(resolved.host, resolved.keys.length);
  const { store, noteUrl, close: closeStore } = await openStore(resolved);
  const server = createHttpServer(resolved);
  const early = holdRequests(server);
  try {
    await listen(server, resolved);
  } catch (cause) {
    await closeStore();
    throw cause;
  }
  const { port } = server.address() as AddressInfo;
  const forwarder = await openForwarder(resolved, port).catch(async (cause: unknown) => {
    server.close();
    await closeStore();
    throw cause;
  });
  const service = attachService(server, store, resolved, port, forwarder);
  early.handOver();
  const url = `http://${resolved.host.includes(':') ? `[${resolved.host}]` : resolved.host}:${port}`;
  noteUrl(url);
  let closed: Promise<void> | undefined;
  return {
    url,
    port,
    store,
    close: () => (closed ??= service.close().then(closeStore)),
  };
}

/** The store to serve, and what is to be done for it because it is ours. */
async function openStore(
  options: ResolvedOptions,
): Promise<{ store: Store; noteUrl: (url: string) => void; close: () => Promise<void> }> {
  const { store } = options;
  if (store !== undefined) return { store, noteUrl: () => undefined, close: async () => undefined };
  const own = await openDataDir(options.dataDir, writing(options));
  return { store: own, noteUrl: own.noteUrl, close: () => own.close() };
}

function createHttpServer({ limits }: ResolvedOptions): Server {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(50, Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs) / 4),
  });
  // Node would drop header lines beyond a count, and with them perhaps the Origin: the guard refuses such a request whole.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  server.on('clientError', answerClientError);
  return server;
}

/** Keeps requests that come between the opening of the port and that of the rest, such as those of senders that waited for it. */
function holdRequests(server: Server): { handOver(): void } {
  const held: [IncomingMessage, ServerResponse][] = [];
  const hold = (req: IncomingMessage, res: ServerResponse): unknown => held.push([req, res]);
  server.on('request', hold);
  return {
    handOver() {
      server.off('request', hold);
      for (const [req, res] of held) server.emit('request', req, res);
    },
  };
}

function listen(server: Server, { port, host }: ResolvedOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, port, host)));
    server.listen(port, host, resolve);
  });
}

function listenError(cause: NodeJS.ErrnoException, port: number, host: string): SpoorError {
  if (cause.code === 'EADDRINUSE') {
    return new SpoorError(
      'SPOOR_PORT_IN_USE',
      `Port ${port} on ${host} is taken by another process. Stop it, or choose another port with --port.`,
      { cause },
    );
  }
  return new SpoorError(
    'SPOOR_OPTION_INVALID',
    `The translator cannot listen on ${host}:${port}: ${cause.message}.`,
    {
      cause,
    },
  );
}

function attachService(
  server: Server,
  store: Store,
  options: ResolvedOptions,
  port: number,
  forwarder: Forwarder,
): { close(): Promise<void> } {
  const { limits, log } = options;
  const startedMs = Date.now();
  const budget: ByteBudget = { limit: limits.inFlightBytes, held: 0 };
  const waiting: ByteBudget = { limit: limits.waitingBytes, held: 0 };
  const files = createStaticFiles(options.dashboardDir);
  const page: Route['handle'] = ({ res }) => files.sendPage(res);
  const createWorkspace = (own: Store): Workspace => {
    const received = noneReceived();
    const live = createLiveFeed({ store: own, limits, firstSequence: startedMs * 1_000, log });
    const forward = own === store ? forwarder : NO_FORWARDER;
    const commits = createCommitQueue(own, (change) => live.publish(change));
    const routes: Route[] = [
      ...receiverRoutes({ commits, forward, received, budget, waiting, limits, log }),
      ...blobRoutes({ blobs: own.blobs, budget, limits, log }),
      ...apiRoutes({ store: own, live, received, version: VERSION, startedMs, forward: forward.stats }),
      ...sessionRoutes({ store: own, live, log }),
      ...sqlRoutes({ store: own, isOn: options.sql, budget }),
      { method: 'GET', path: '/', handle: page },
      { method: 'GET', path: '/sessions/:id', handle: page },
      ...files.paths.map((path): Route => ({
        method: 'GET',
        path,
        handle: ({ res }) => files.sendFile(res, path),
      })),
    ];
    const retention = startRetention(own, options.maxAgeMs, log);
    const endLive = (): void => {
      retention.stop();
      live.close();
    };
    return { routes, received, endLive, idle: () => commits.idle() };
  };
  const projects = createProjects({
    store,
    openStore: projectOpener(options),
    exists: projectFinder(options),
    createWorkspace,
    mostOpen: limits.openProjects,
    log,
  });
  const listener = createRequestListener({
    guard: createGuard({ ...options, port, headerLines: limits.headerLines }),
    access: createAccess(options.keys),
    projects,
    limits,
    log,
  });
  server.on('request', listener.handle);
  return {
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      projects.endLive();
      await listener.idle(limits.closeGraceMs);
      server.closeAllConnections();
      await stopped;
      await projects.close();
      await forwarder.close();
    },
  };
}

/** Beside the default store when that is a folder of ours; a store that was handed in has no projects beside it. */
function projectOpener(options: ResolvedOptions): ((name: string) => Promise<Store>) | undefined {
  if (options.openProject !== undefined || options.store !== undefined) return options.openProject;
  return (name) => openDataDir(join(options.dataDir, 'projects', name), writing(options));
}

/** Tells whether such a folder is there. */
function projectFinder(options: ResolvedOptions): ((name: string) => boolean) | undefined {
  if (options.openProject !== undefined || options.store !== undefined) return undefined;
  return (name) => existsSync(storePath(join(options.dataDir, 'projects', name)));
}

function writing({ limits, log }: ResolvedOptions): DataDirOptions {
  return { readOnly: false, log, maxBytes: limits.storeBytes, maxBlobBytes: limits.storeImageBytes };
}

function noneReceived(): ReceivedCounts {
  return {
    requests: 0,
    spans: 0,
    rejectedRequests: 0,
    rejectedSpans: 0,
    logRequests: 0,
    logs: 0,
    rejectedLogs: 0,
    metricRequests: 0,
    metricPoints: 0,
  };
}
