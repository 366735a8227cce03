import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wrap } from '../../../instrumentations/mcp/index.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { withCallsSuppressed } from '../../../src/instrument/suppress.js';
import { withObservation } from '../../../src/tracing/observation.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { parentOf, recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';
import { connectedPair } from './fake-protocol.js';

const CALL = { method: 'tools/call', params: { name: 'weather', arguments: { city: 'Oslo' } } };
const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
let spans: RecordedSpans;

beforeEach(() => {
  setContentPolicy(true);
  spans = recordSpans();
});
afterEach(() => {
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});

const answer = async (): Promise<object> => ({});
const names = (): string[] => spans.all().map(({ name }) => name);

describe('without a propagator of the app', () => {
  it('the trace goes with the request in the form of the protocol', async () => {
    const { client, server } = connectedPair();
    server._requestHandlers.set('ping', answer);
    wrap(client);
    await client.request({ method: 'ping' });
    const [handled, sent] = spans.all();
    const { traceId, spanId } = sent?.spanContext() ?? {};
    expect(client.sent).toEqual([
      { method: 'ping', id: 0, params: { _meta: { traceparent: `00-${traceId}-${spanId}-01` } } },
    ]);
    expect(handled === undefined ? undefined : parentOf(handled)).toBe(spanId);
  });

  it('a request from elsewhere continues its trace, and the open span around it is linked', async () => {
    const { server } = connectedPair();
    server._requestHandlers.set('ping', answer);
    wrap(server);
    await withObservation({ name: 'http' }, () =>
      server._onrequest({ method: 'ping', id: 7, params: { _meta: { traceparent: REMOTE } } }),
    );
    const handled = spans.named('ping');
    expect([handled.spanContext().traceId, parentOf(handled)]).toEqual([
      '0af7651916cd43dd8448eb211c80319c',
      'b7ad6b7169203331',
    ]);
    expect(handled.links.map(({ context }) => context.spanId)).toEqual([
      spans.named('http').spanContext().spanId,
    ]);
  });

  it('a request with an odd parent belongs to the active span', async () => {
    const { server } = connectedPair();
    server._requestHandlers.set('ping', answer);
    wrap(server);
    await withObservation({ name: 'around' }, () =>
      server._onrequest({ method: 'ping', params: { _meta: { traceparent: 'odd' } } }),
    );
    expect(parentOf(spans.named('ping'))).toBe(spans.named('around').spanContext().spanId);
  });
});

describe('inside a tool span of ours', () => {
  it('the first request for that tool adds to it, the second has a span', async () => {
    const { client } = connectedPair();
    const { server } = connectedPair();
    client.peer = server;
    server._requestHandlers.set('tools/call', async () => ({ isError: true, content: [] }));
    wrap(client);
    await withObservation({ name: 'weather', type: 'TOOL' }, async () => {
      await client.request(CALL);
      await client.request(CALL);
    });
    expect(names()).toEqual(['tools/call weather', 'execute_tool weather']);
    const { attributes, status } = spans.named('execute_tool weather');
    expect([attributes, status.code]).toEqual([
      {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'weather',
        'spoor.observation.type': 'TOOL',
        'mcp.method.name': 'tools/call',
        'jsonrpc.request.id': '0',
        'error.type': 'tool_error',
      },
      2,
    ]);
  });

  it('a request for another tool is a child', async () => {
    const { client, server } = connectedPair();
    server._requestHandlers.set('tools/call', async () => ({ content: [] }));
    wrap(client);
    await withObservation({ name: 'other', type: 'TOOL' }, () => client.request(CALL));
    expect(names()).toEqual(['tools/call weather', 'tools/call weather', 'execute_tool other']);
  });
});

describe('the content policy', () => {
  it('keeps arguments and result out', async () => {
    setContentPolicy(false);
    const { client, server } = connectedPair();
    server._requestHandlers.set('tools/call', async () => ({ content: [{ type: 'text', text: 'Sun.' }] }));
    wrap(client);
    await client.request(CALL);
    expect(JSON.stringify(spans.all().map(({ attributes }) => attributes))).not.toMatch(/Oslo|Sun/);
    expect(names()).toHaveLength(2);
  });
});

it('suppressed requests have no span and carry no trace', async () => {
  const { client, server } = connectedPair();
  server._requestHandlers.set('ping', answer);
  wrap(client);
  await withCallsSuppressed(() => client.request({ method: 'ping' }));
  expect([names(), client.sent]).toEqual([[], [{ method: 'ping', id: 0 }]]);
});

it('leaves what is no client alone, and the handlers as they were', async () => {
  expect([wrap(null), wrap('text'), wrap(undefined)]).toEqual([null, 'text', undefined]);
  const { client, server } = connectedPair();
  server._requestHandlers.set('ping', answer);
  wrap({ server });
  await client.request({ method: 'ping' });
  expect([...server._requestHandlers]).toEqual([['ping', answer]]);
});
