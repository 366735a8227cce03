import { guard } from '../../src/instrument/guard.js';
import { fieldsOf } from '../../src/instrument/read.js';
import { serverOf, type Server } from '../../src/instrument/server.js';
import type { BedrockClient } from './sdk-types.js';

/**
 * Where a client sends its calls. The SDK works that out in the middle of a call, from settings that may be functions of the
 * app's own; those must not be called once more. So we look on when it does so for the first time.
 */
const known: WeakMap<object, Server> = new WeakMap();

/** Host and port of a client; empty until its first call has begun. */
export function serverOfClient(client: BedrockClient): Server {
  return known.get(client) ?? {};
}

/**
 * Waits for the SDK to work out the client's endpoint, unless it is known, and tells `onServer`. The function that does it is
 * replaced by one that looks on, and is back in its place from the first time on.
 */
export function watchEndpoint(client: BedrockClient, onServer: (server: Server) => void): void {
  const { config } = client;
  if (known.has(client) || typeof config !== 'object' || config === null) return;
  const provider = config.endpointProvider;
  if (typeof provider !== 'function' || !Object.hasOwn(config, 'endpointProvider')) return;
  config.endpointProvider = function watch(this: unknown, ...args: unknown[]): unknown {
    if (config.endpointProvider === watch) config.endpointProvider = provider;
    const endpoint: unknown = Reflect.apply(provider, this, args);
    guard('endpoint', () => {
      const server = serverOf(urlOf(fieldsOf(endpoint)['url']));
      known.set(client, server);
      onServer(server);
    });
    return endpoint;
  };
}

function urlOf(url: unknown): string | undefined {
  if (typeof url === 'string') return url;
  return url instanceof URL ? url.origin : undefined;
}
