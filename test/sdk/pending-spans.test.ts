import { diag } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { PENDING_HEADER } from '../../semconv/pending-header.js';
import { SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';
import { applyOptions, currentSettings, resetSettings, resolvedSettings } from '../../src/config/settings.js';
import { endpointTarget } from '../../src/config/targets.js';
import { createOtlpDelivery } from '../../src/sdk/exporter.js';
import { listSegments } from '../../src/sdk/journal/segments.js';
import { createPendingSpans, type PendingSpansOptions } from '../../src/sdk/pending-spans.js';
import type { SpanDelivery } from '../../src/sdk/span-delivery.js';
import { resetReported } from '../../src/tracing/diag.js';
import { captureDiagnostics } from '../support/captured-diagnostics.js';
import { startOtlpSink, type OtlpSink, type SinkAnswer } from '../support/otlp-sink.js';
import { useJournal } from './journal/journal-folder-for-test.js';
import { someSpans } from './journal/some-spans.js';

useJournal();

const WANTED: SinkAnswer = { status: 200, headers: { [PENDING_HEADER]: '1' } };
const DELAY_MS = 15;

let sink: OtlpSink;
let delivery: SpanDelivery;
let messages: string[];

beforeEach(async () => {
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = String(DELAY_MS);
  sink = await startOtlpSink();
  messages = captureDiagnostics();
  resetReported();
});
afterEach(async () => {
  await delivery.shutdown();
  await sink.close();
  resetSettings();
  diag.disable();
  delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
});

function provide(options: Parameters<typeof applyOptions>[0] = {}): NodeTracerProvider {
  applyOptions(options, {});
  const target = endpointTarget(resolvedSettings(), `${sink.url}/v1/traces`);
  delivery = createOtlpDelivery(currentSettings(), target);
  return new NodeTracerProvider({ spanProcessors: [delivery] });
}
function asOurs(span: ReadableSpan): ReadableSpan {
  const { name, attributes } = span;
  const fields = { name, attributes, instrumentationScope: { name: SCOPE_SPOOR } };
  return Object.create(span, Object.getOwnPropertyDescriptors(fields)) as ReadableSpan;
}
const ids = (): string[] =>
  sink.spans.map(({ name, endTimeUnixNano }) => `${name} ${endTimeUnixNano === '0' ? 'open' : 'ended'}`);

describe('spans that are still open', () => {
  it('are shown once, masked and without an end, to a receiver that wants them', async () => {
    sink.answers.push(...Array.from({ length: 20 }, () => WANTED));
    const ours = provide().getTracer(SCOPE_SPOOR);
    const session = ours.startSpan('session run', { attributes: { 'api.key': 'x', n: 1 } });
    session.setAttribute('note', 'sk-abcdefgh12345678');
    // Nothing has ended: the receiver is asked by an empty request.
    await sink.until(({ spans }) => spans.length === 1);
    expect(sink.requests.map(({ spanCount }) => spanCount)).toEqual([0, 1]);
    expect(sink.spans[0]).toMatchObject({
      name: 'session run',
      endTimeUnixNano: '0',
      startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
      spanId: session.spanContext().spanId,
      attributes: { 'api.key': '[masked]', n: 1, note: '[masked]' },
    });
    const call = ours.startSpan('chat');
    await sink.until(({ spans }) => spans.length === 2);
    session.end();
    call.end();
    expect(await delivery.drain(5000)).toEqual({
      delivered: 2,
      dropped: 0,
      rejected: 0,
      pending: 0,
      journaled: 0,
    });
    expect(ids()).toEqual(['session run open', 'chat open', 'session run ended', 'chat ended']);
  });

  it('are shown to nobody who does not say so', async () => {
    const ours = provide().getTracer(SCOPE_SPOOR);
    const long = ours.startSpan('session run');
    await sink.until(({ requests }) => requests.length === 1);
    for (let round = 1; round <= 6; round += 1) {
      ours.startSpan(`short ${round}`).end();
      await sink.until(({ spans }) => spans.length === round);
    }
    long.end();
    await delivery.drain(5000);
    expect(sink.requests.map(({ spanCount }) => spanCount)).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
    expect(ids().filter((id) => id.endsWith('open'))).toEqual([]);
  });

  it('are not shown when another library made them', async () => {
    sink.answers.push(...Array.from({ length: 20 }, () => WANTED));
    const provider = provide();
    const [theirs, ours] = [provider.getTracer('http'), provider.getTracer(SCOPE_SPOOR)];
    const foreign = theirs.startSpan('GET /');
    ours.startSpan('short').end();
    await sink.until(({ spans }) => spans.length === 1);
    const long = ours.startSpan('long');
    await sink.until(({ spans }) => spans.length === 2);
    long.end();
    foreign.end();
    await delivery.drain(5000);
    expect(ids()).toEqual(['short ended', 'long open', 'long ended', 'GET / ended']);
  });

  it('are not sent again, nor counted, when the receiver had no time for them', async () => {
    sink.answers.push(WANTED, { status: 503, headers: { 'retry-after': '60' } }, WANTED, WANTED);
    const ours = provide().getTracer(SCOPE_SPOOR);
    const span = ours.startSpan('long');
    await sink.until(({ requests }) => requests.length === 2);
    span.end();
    expect(await delivery.drain(5000)).toMatchObject({ delivered: 1, rejected: 0, pending: 0 });
    expect(ids()).toEqual(['long ended']);
    expect(messages).toEqual([]);
  });

  it('never get into the journal', async () => {
    sink.answers.push(WANTED, 'hang');
    const ours = provide({ deliverOnExit: false }).getTracer(SCOPE_SPOOR);
    ours.startSpan('long');
    await sink.until(({ requests }) => requests.length === 2);
    delivery.leaveToJournal();
    expect(listSegments()).toEqual([]);
    expect(delivery.counts()).toMatchObject({ pending: 0, journaled: 0 });
  });
});

function watch(options: Partial<PendingSpansOptions>): {
  offered: string[][];
  start(count: number): ReadableSpan[];
} & ReturnType<typeof createPendingSpans> {
  delivery = { shutdown: async () => undefined } as SpanDelivery;
  const offered: string[][] = [];
  const pending = createPendingSpans({
    wanted: () => true,
    mayAsk: false,
    delayMs: 5,
    maxBatchSize: 512,
    offer: async (spans) => void offered.push(spans.map(({ name }) => name)),
    ...options,
  });
  onTestFinished(() => pending.stop());
  const start = (count: number): ReadableSpan[] => {
    const spans = someSpans(count).map(asOurs);
    for (const span of spans) pending.started(span);
    return spans;
  };
  return { offered, start, ...pending };
}

describe('the watch over open spans', () => {
  it('asks nothing of a receiver elsewhere, and waits for its first answer', async () => {
    let said: boolean | undefined;
    let looks = 0;
    const { offered, start } = watch({ wanted: () => ((looks += 1), said) });
    start(2);
    await expect.poll(() => looks).toBeGreaterThan(5);
    expect(offered).toEqual([]);
    said = true;
    await expect.poll(() => offered).toEqual([['span 0', 'span 1']]);
  });

  it('asks once', async () => {
    let looks = 0;
    const { offered, start } = watch({ mayAsk: true, wanted: () => ((looks += 1), undefined) });
    start(2);
    await expect.poll(() => looks).toBeGreaterThan(6);
    expect(offered).toEqual([[]]);
  });

  it('sends batches, one after the other, and tries again what was no time for', async () => {
    let refusals = 2;
    const offered: string[][] = [];
    const { start } = watch({
      maxBatchSize: 2,
      offer: (spans) => {
        if ((refusals -= 1) >= 0) return undefined;
        offered.push(spans.map(({ name }) => name));
        return Promise.resolve();
      },
    });
    start(5);
    await expect.poll(() => offered).toEqual([['span 0', 'span 1'], ['span 2', 'span 3'], ['span 4']]);
  });

  it('sends nothing of what ended in time, or after it was stopped', async () => {
    const { offered, start, ended, stop } = watch({});
    const [first, second] = start(2);
    for (const span of [first, second]) ended(span as ReadableSpan);
    start(1);
    await expect.poll(() => offered).toEqual([['span 0']]);
    start(1);
    stop();
    start(1);
    // One that began later has had its turn.
    const later = watch({ delayMs: 20 });
    later.start(1);
    await expect.poll(() => later.offered).toEqual([['span 0']]);
    expect(offered).toEqual([['span 0']]);
  });

  it('remembers a bounded number of spans', async () => {
    const { offered, start } = watch({ maxBatchSize: 100_000 });
    start(10_050);
    await expect.poll(() => offered.flat().length).toBe(10_000);
    start(1);
    await expect.poll(() => offered.flat().length).toBe(10_001);
  });
});
