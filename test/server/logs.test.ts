import { JsonLogsSerializer, ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect, test } from 'vitest';
import { renderSession } from '../../src/cli/render-session.js';
import { SpoorClient } from '../../src/client/spoor-client.js';
import { traceRequestJson } from './otlp-payloads.js';
import { post, runTranslator } from './running.js';

type Emitted = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0];
const TRACE_ID = 'a'.repeat(32);
const SPAN_ID = 'b'.repeat(16);

function emitted(body: string, eventName?: string): Emitted {
  return [
    {
      hrTime: [1_772_357_400, 500],
      hrTimeObserved: [1_772_357_400, 600],
      severityNumber: 17,
      body,
      ...(eventName === undefined ? {} : { eventName }),
      attributes: { attempt: 2 },
      spanContext: { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 },
      droppedAttributesCount: 0,
      resource: resourceFromAttributes({ 'service.name': 'shop' }),
      instrumentationScope: { name: 'agent' },
    },
  ] as unknown as Emitted;
}

test.each([
  ['application/json', JsonLogsSerializer],
  ['application/x-protobuf', ProtobufLogsSerializer],
] as const)('log records in %s are kept, counted, and shown under their span', async (type, serializer) => {
  const { url } = await runTranslator();
  const call = { name: 'chat m', attributes: { 'session.id': 's', 'gen_ai.operation.name': 'chat' } };
  await post(`${url}/v1/traces`, traceRequestJson(call));
  const body = Buffer.from(serializer.serializeRequest(emitted('connection lost', 'retry')) as Uint8Array);
  const answer = await post(`${url}/v1/logs`, body, { 'content-type': type });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);

  const client = new SpoorClient({ baseUrl: url });
  const log = {
    id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    timeMs: 1_772_357_400_000,
    name: 'retry',
    severityNumber: 17,
    body: 'connection lost',
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    sessionId: 's',
    scope: 'agent',
    serviceName: 'shop',
    attributes: { attempt: 2 },
  };
  expect(await client.sessions.logs('s')).toEqual({ items: [log] });
  expect(await client.traces.logs(TRACE_ID)).toEqual({ items: [log] });
  expect(await (await fetch(`${url}/api/traces/${TRACE_ID}/logs?span=${SPAN_ID}`)).json()).toEqual({
    items: [log],
  });
  expect(await (await fetch(`${url}/api/traces/${TRACE_ID}/logs?span=${'c'.repeat(16)}`)).json()).toEqual({
    items: [],
  });
  expect(await client.health()).toMatchObject({
    logs: 1,
    received: { logRequests: 1, logs: 1, rejectedLogs: 0 },
  });

  const session = await client.sessions.get('s');
  const { items } = await client.sessions.logs('s');
  const shown = renderSession(
    session as NonNullable<typeof session>,
    { columns: 80, isColoured: false },
    items,
  );
  expect(shown).toMatch(/◆ chat m.*\n +≡ error retry: connection lost\n/);
});

test('a request of which one record cannot be kept: the others are, and the sender is told in the words of logs', async () => {
  const { url } = await runTranslator();
  const records = [{ body: { stringValue: 'good' } }, { traceId: 'xyz' }];
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] });
  const answer = await post(`${url}/v1/logs`, body);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      partialSuccess: { rejectedLogRecords: '1', errorMessage: expect.stringContaining('traceId') as string },
    },
  ]);
  expect(await new SpoorClient({ baseUrl: url }).health()).toMatchObject({
    logs: 1,
    received: { rejectedLogs: 1 },
  });
});

test('a log record is told to those who watch its session', async () => {
  const { url } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson({ attributes: { 'session.id': 's' } }));
  const client = new SpoorClient({ baseUrl: url });
  const events: string[] = [];
  for await (const event of client.live({ sessionId: 's' })) {
    events.push(event.type);
    if (event.type === 'change') break;
    const body = Buffer.from(JsonLogsSerializer.serializeRequest(emitted('look')) as Uint8Array);
    await post(`${url}/v1/logs`, body);
  }
  expect(events).toEqual(['open', 'change']);
});

test('data points of metrics are counted', async () => {
  const { url } = await runTranslator();
  const metrics = [
    { name: 'calls', sum: { dataPoints: [{}, {}] } },
    { name: 'size', gauge: { dataPoints: [{}] } },
  ];
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
  expect((await post(`${url}/v1/metrics`, body)).status).toBe(200);
  expect(await new SpoorClient({ baseUrl: url }).health()).toMatchObject({
    received: { metricRequests: 1, metricPoints: 3 },
  });
});
