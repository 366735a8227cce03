import {
  ATTR_MCP_SESSION_ID,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_TRANSPORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '../../semconv/attributes.js';
import { serverOf } from '../../src/instrument/server.js';
import type { Transport } from './sdk-types.js';

type Attributes = Record<string, string | number>;

/** What the transport says of itself: its kind, the server behind it, the session. A kind that is not known says nothing. */
export function transportAttributes(transport: Transport | undefined): Attributes {
  if (transport === undefined) return {};
  const attributes = kindAttributes(transport);
  if (typeof transport.sessionId === 'string') attributes[ATTR_MCP_SESSION_ID] = transport.sessionId;
  return attributes;
}

function kindAttributes(transport: Transport): Attributes {
  if ('_serverParams' in transport || '_stdin' in transport) return { [ATTR_NETWORK_TRANSPORT]: 'pipe' };
  if (transport._url instanceof URL) return urlAttributes(transport._url);
  if (typeof transport.handleRequest === 'function' || typeof transport.handlePostMessage === 'function') {
    return { [ATTR_NETWORK_TRANSPORT]: 'tcp', [ATTR_NETWORK_PROTOCOL_NAME]: 'http' };
  }
  return {};
}

function urlAttributes(url: URL): Attributes {
  const { serverAddress, serverPort } = serverOf(url.href);
  return {
    [ATTR_NETWORK_TRANSPORT]: 'tcp',
    [ATTR_NETWORK_PROTOCOL_NAME]: url.protocol.startsWith('ws') ? 'websocket' : 'http',
    ...(serverAddress === undefined ? {} : { [ATTR_SERVER_ADDRESS]: serverAddress }),
    ...(serverPort === undefined ? {} : { [ATTR_SERVER_PORT]: serverPort }),
  };
}
