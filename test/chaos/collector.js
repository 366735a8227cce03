import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/**
 * How a collector behaves towards its requests, by their number from 0. A collector that is `down` does not listen until it
 * is brought up. `healed` ends the trouble.
 *
 * @type {Record<string, (request: number) => { status: number, afterMs?: number, retryAfter?: string } | 'cut'>}
 */
export const BEHAVIOURS = {
  up: () => ({ status: 200 }),
  down: () => ({ status: 200 }),
  slow: () => ({ status: 200, afterMs: 400 }),
  flapping: (request) => (request % 2 === 0 ? { status: 503, retryAfter: '0' } : { status: 200 }),
  cutting: (request) => (request < 3 ? 'cut' : { status: 200 }),
  400: () => ({ status: 400 }),
  413: (request) => ({ status: request === 0 ? 413 : 200 }),
  429: () => ({ status: 429, retryAfter: '3600' }),
};

/** A collector on the loopback that keeps the names of the spans it took, with how often each came. */
export async function startCollector(behaviour) {
  const spans = new Map();
  const changes = new Set();
  let requests = 0;
  let judge = BEHAVIOURS[behaviour];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const answer = judge(requests);
      requests += 1;
      if (answer === 'cut') {
        request.socket.destroy();
        return;
      }
      if (answer.status === 200) for (const name of names(request, chunks)) count(spans, name);
      setTimeout(() => {
        const retry = answer.retryAfter === undefined ? {} : { 'retry-after': answer.retryAfter };
        response.writeHead(answer.status, { 'content-type': 'application/json', ...retry }).end('{}');
        for (const look of changes) look();
      }, answer.afterMs ?? 0);
    });
  });
  await listen(server, 0);
  const { port } = server.address();
  if (behaviour === 'down') await stop(server);
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    /** The trouble is over. */
    heal: async () => {
      judge = BEHAVIOURS.up;
      if (!server.listening) await listen(server, port);
    },
    /** Resolves to whether `enough` came to hold in time. */
    until: (enough, timeoutMs) =>
      new Promise((resolve) => {
        const end = (value) => {
          clearTimeout(timer);
          changes.delete(look);
          resolve(value);
        };
        const look = () => enough() && end(true);
        const timer = setTimeout(() => end(enough()), timeoutMs);
        changes.add(look);
        look();
      }),
    close: () => stop(server),
  };
}

function names(request, chunks) {
  const raw = Buffer.concat(chunks);
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  return JSON.parse(body.toString('utf8')).resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
  );
}

function count(spans, name) {
  spans.set(name, (spans.get(name) ?? 0) + 1);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function stop(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
