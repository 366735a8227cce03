import { metrics } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wrap } from '../../../instrumentations/mcp/index.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { withCallsSuppressed } from '../../../src/instrument/suppress.js';
import { withObservation } from '../../../src/tracing/observation.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { recordMetrics, type RecordedMetrics } from '../../support/recorded-metrics.js';
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

describe('the metrics', () => {
  let recorded: RecordedMetrics;
  beforeEach(() => {
    recorded = recordMetrics();
  });
  afterEach(() => metrics.disable());
  const counts = async (): Promise<unknown[]> =>
    (await recorded.points()).map(({ metric, attributes, count }) => [metric, attributes, count]);

  it('count requests on both sides, without ids and content', async () => {
    const { client, server } = connectedPair();
    server._requestHandlers.set('tools/call', async () => ({ isError: true, content: [] }));
    wrap(client);
    await client.request(CALL);
    const said = {
      'error.type': 'tool_error',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'weather',
      'mcp.method.name': 'tools/call',
    };
    expect(await counts()).toEqual([
      ['mcp.client.operation.duration', said, 1],
      ['mcp.server.operation.duration', said, 1],
    ]);
  });

  it('count the request of a tool whose span stands for it', async () => {
    const { client } = connectedPair();
    client.peer = connectedPair().server;
    client.peer._requestHandlers.set('tools/call', () => Promise.reject(new RangeError('odd')));
    wrap(client);
    await expect(
      withObservation({ name: 'weather', type: 'TOOL' }, () => client.request(CALL)),
    ).rejects.toThrow('odd');
    const failed = { 'gen_ai.tool.name': 'weather', 'error.type': 'RangeError' };
    expect(await counts()).toEqual([
      ['gen_ai.execute_tool.duration', failed, 1],
      [
        'mcp.client.operation.duration',
        {
          ...failed,
          'gen_ai.operation.name': 'execute_tool',
          'mcp.method.name': 'tools/call',
        },
        1,
      ],
    ]);
  });

  it('count a session on both sides when it closes, once', async () => {
    const { client, server } = connectedPair();
    server._requestHandlers.set('initialize', async () => ({ protocolVersion: '2025-06-18' }));
    wrap(client);
    client._onclose();
    expect(await counts()).toEqual([]);
    for (const side of [client, server]) side._transport = { _stdin: {} };
    await client.request({ method: 'initialize' });
    await recorded.points();
    for (const side of [client, server, client]) side._onclose();
    const said = { 'mcp.protocol.version': '2025-06-18', 'network.transport': 'pipe' };
    expect(await counts()).toEqual([
      ['mcp.client.session.duration', said, 1],
      ['mcp.server.session.duration', said, 1],
    ]);
    expect([client._transport, server._transport]).toEqual([undefined, undefined]);
  });

  it('know no session that was not opened', async () => {
    const { client, server } = connectedPair();
    server._requestHandlers.set('initialize', () => Promise.reject(new RangeError('odd')));
    wrap(client);
    await expect(client.request({ method: 'initialize' })).rejects.toThrow('odd');
    await recorded.points();
    for (const side of [client, server]) side._onclose();
    expect(await counts()).toEqual([]);
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
