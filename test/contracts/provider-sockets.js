import { createRequire } from 'node:module';

/** WebSockets of the loopback provider, by the same library that the SDKs use: from their folder, it is no dependency. */
const SDKS = new URL('../sdks/', import.meta.url);

/**
 * Answers the upgrades of `server`. The path names run, scenario and plan as those of other requests do; the plan gets a
 * `SocketExchange`.
 *
 * @param {import('node:http').Server} server
 * @param {(key: string) => object} sceneOf what the provider has seen, by `<run>/<scenario>`
 * @param {Record<string, (exchange: SocketExchange) => Promise<void>>} plans
 */
export function answerSockets(server, sceneOf, plans) {
  // Not before the SDKs are installed.
  const { WebSocketServer } = createRequire(SDKS)('ws');
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, connection, head) => {
    const [, , run, scenario, plan, ...rest] = request.url.split('/').map(decodeURIComponent);
    sockets.handleUpgrade(request, connection, head, (socket) => {
      const exchange = new SocketExchange(socket, connection, sceneOf(`${run}/${scenario}`));
      exchange.note('connected', { path: rest.join('/').split('?')[0] });
      plans[plan](exchange).catch(() => connection.destroy());
    });
  });
}

/** One connection. */
class SocketExchange {
  constructor(socket, connection, scene) {
    this.socket = socket;
    this.connection = connection;
    this.scene = scene;
    this.arrived = [];
    this.waiting = undefined;
    this.isCut = false;
    socket.on('message', (text) => {
      const message = JSON.parse(text);
      this.note('message', { message });
      this.arrived.push(message);
      this.waiting?.();
    });
    socket.on('close', (code) => {
      this.note('closed', { code: this.isCut ? 'cut' : code });
      this.waiting?.();
    });
  }

  note(name, detail) {
    this.scene.events.push(detail === undefined ? { name } : { name, ...detail });
    for (const wake of this.scene.waiters.splice(0)) wake();
  }

  /** The next message of the client; undefined when it is gone. */
  async next() {
    while (this.arrived.length === 0 && this.socket.readyState === 1) {
      await new Promise((resolve) => (this.waiting = resolve));
    }
    return this.arrived.shift();
  }

  send(...messages) {
    for (const message of messages) this.socket.send(JSON.stringify(message));
  }

  close(code, reason) {
    this.socket.close(code, reason);
  }

  /** Breaks the connection, once what was sent has left. */
  async cut() {
    this.isCut = true;
    await new Promise((resolve) => this.connection.write('', resolve));
    this.connection.destroy();
  }

  /** Until the client goes away. */
  async hang() {
    while ((await this.next()) !== undefined);
  }
}
