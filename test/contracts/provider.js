import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { answerSockets } from './provider-sockets.js';

/**
 * A loopback LLM provider with raw control of the wire. The first path segments of a request name the run and the scenario
 * (so that what the provider saw can be compared between a bare and an instrumented run) and the plan that answers.
 *
 * A plan is `async (exchange) => void`; see `Exchange`. `GET /await/<run>/<scenario>/<event>` answers once the provider has
 * seen that event, so that programs wait for facts and not for time.
 *
 * @param {Record<string, (exchange: Exchange) => Promise<void>>} plans
 */
export async function startProvider(plans) {
  /** @type {Map<string, {events: unknown[], attempts: number, waiters: (() => void)[]}>} */
  const scenes = new Map();
  const sceneOf = (key) => {
    if (!scenes.has(key)) scenes.set(key, { events: [], attempts: 0, waiters: [] });
    return scenes.get(key);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.destroyed) response.destroy(error);
    });
  });

  async function answer(request, response) {
    const [, kind, run, scenario, plan, ...rest] = request.url.split('/').map(decodeURIComponent);
    const scene = sceneOf(`${run}/${scenario}`);
    if (kind === 'await') {
      const seen = await waitFor(scene, plan);
      response.end(JSON.stringify({ seen, events: scene.events }));
      return;
    }
    const body = await readBody(request);
    scene.attempts += 1;
    const exchange = new Exchange(request, response, body, scene);
    exchange.note('request', { method: request.method, path: rest.join('/').split('?')[0], body });
    response.on('close', () => {
      exchange.isClosed = true;
      if (!response.writableFinished && !exchange.isCut) exchange.note('closed by client');
    });
    await plans[plan](exchange);
  }

  answerSockets(server, sceneOf, plans);

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}`,
    eventsOf: (run, scenario) => sceneOf(`${run}/${scenario}`).events.filter((event) => !event.isCount),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function waitFor(scene, name, deadlineMs = 5000) {
  const until = Date.now() + deadlineMs;
  const isSeen = () => scene.events.some((event) => event.name === name);
  while (!isSeen() && Date.now() < until) {
    const { promise, resolve } = withResolvers();
    scene.waiters.push(resolve);
    await Promise.race([promise, delay(Math.max(1, until - Date.now()), undefined, { ref: false })]);
  }
  return isSeen();
}

/** The text of a request. A form's boundary is chosen at random: the same word stands for all. */
async function readBody(request) {
  let body = '';
  for await (const piece of request) body += piece;
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1];
  return boundary === undefined ? body : body.replaceAll(boundary, 'BOUNDARY');
}

function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

/** One request and the hold of its answer. */
export class Exchange {
  constructor(request, response, body, scene) {
    this.request = request;
    this.response = response;
    this.body = body.startsWith('{') ? JSON.parse(body) : {};
    this.scene = scene;
    this.attempt = scene.attempts;
    this.isClosed = false;
    this.isCut = false;
    this.waiting = undefined;
    const go = () => this.waiting?.resolve();
    response.on('drain', go).on('close', go);
  }

  /** Until the client has taken what was written, or is gone. */
  wake() {
    this.waiting = withResolvers();
    return this.waiting.promise;
  }

  note(name, detail) {
    this.scene.events.push(detail === undefined ? { name } : { name, ...detail });
    for (const wake of this.scene.waiters.splice(0)) wake();
  }

  bytes(type, body) {
    this.response.writeHead(200, { 'content-type': type, 'x-request-id': 'req_1' });
    this.response.end(body);
  }

  json(status, body, headers = {}) {
    this.response.writeHead(status, {
      'content-type': 'application/json',
      'x-request-id': 'req_1',
      ...headers,
    });
    this.response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  startEvents() {
    this.response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' });
  }

  /** Writes one event and waits while the client does not read. */
  async event(data, type) {
    const head = type === undefined ? '' : `event: ${type}\n`;
    const isTaken = this.response.write(
      `${head}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
    );
    if (!isTaken && !this.isClosed) await this.wake();
  }

  end() {
    this.response.end();
  }

  /** Breaks the connection in the middle of the answer, once what was written has left. */
  async cut() {
    this.isCut = true;
    await delay(20);
    this.response.destroy();
  }

  /** Leaves the answer open until the client goes away. */
  async hang() {
    if (!this.isClosed) await once(this.response, 'close');
  }
}
