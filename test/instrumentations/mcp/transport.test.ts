import { expect, it } from 'vitest';
import { transportAttributes } from '../../../instrumentations/mcp/transport.js';

const HTTP = { 'network.transport': 'tcp', 'network.protocol.name': 'http' };

it('tells transports apart by their shape', () => {
  expect(
    [
      { _serverParams: {} },
      { _stdin: {} },
      { _url: new URL('https://mcp.example/mcp'), sessionId: 's1' },
      { _url: new URL('ws://[::1]:8080/') },
      { handleRequest: () => undefined, sessionId: undefined },
      { handlePostMessage: () => undefined },
      {},
      undefined,
    ].map((transport) => transportAttributes(transport)),
  ).toEqual([
    { 'network.transport': 'pipe' },
    { 'network.transport': 'pipe' },
    { ...HTTP, 'server.address': 'mcp.example', 'server.port': 443, 'mcp.session.id': 's1' },
    {
      'network.transport': 'tcp',
      'network.protocol.name': 'websocket',
      'server.address': '::1',
      'server.port': 8080,
    },
    HTTP,
    HTTP,
    {},
    {},
  ]);
});
