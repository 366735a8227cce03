import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { startCollector, type CollectedRequest, type SpanRecord } from '../../src/testing/index.js';
import { startTranslator } from '../../src/translator.js';
import { readJson, spansOf } from '../independent-collector/read-request.js';
import { startIndependentCollector } from '../independent-collector/start-independent-collector.js';
import { normaliseSpans } from './normalise-spans.js';
import { AGENT, AGENT_WITH_STEPS, runAgent } from './run-agent.js';

const AGENTS = [
  { name: 'agent.js', file: AGENT, count: 9 },
  // A session, eight steps, eight tool calls and nine model calls.
  { name: 'agent-with-steps.js', file: AGENT_WITH_STEPS, count: 26 },
];

async function runTo(url: string, file: string): Promise<void> {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SERVICE_NAME: 'support-agent' };
  const run = await runAgent(file, { flags: ['--import', 'spoor/register'], env });
  expect(run).toMatchObject({ code: 0, stderr: '' });
}

/** What our own decoder reads, with the bytes that it read it from. */
async function collect(
  file: string,
  count: number,
): Promise<{ spans: readonly SpanRecord[]; requests: readonly CollectedRequest[] }> {
  const collector = await startCollector();
  try {
    await runTo(collector.url, file);
    return { spans: await collector.waitForSpans(count), requests: collector.requests };
  } finally {
    await collector.close();
  }
}

async function resend(requests: readonly CollectedRequest[], url: string): Promise<void> {
  for (const { body, encoding } of requests) {
    const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      body: Buffer.from(body),
      headers: { 'content-type': type },
    });
    expect(response.status).toBe(200);
  }
}

const byId = (spans: readonly SpanRecord[]): SpanRecord[] =>
  spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));

describe.each(AGENTS)('the spans of $name', ({ file, count }) => {
  it('reach a receiver built on the official definitions, each of them whole', async () => {
    const independent = await startIndependentCollector();
    try {
      await runTo(independent.url, file);
      const received = await independent.waitForSpans(count);
      expect(received).toHaveLength(count);
      const { spans } = await collect(file, count);
      expect(normaliseSpans(received)).toEqual(normaliseSpans(spans));
    } finally {
      await independent.close();
    }
  });

  it('are the same to that receiver, to our decoder and out of the translator', async () => {
    const { spans, requests } = await collect(file, count);
    const independent = await startIndependentCollector();
    const translator = await startTranslator({ port: 0, store: createMemoryStore() });
    try {
      await resend(requests, independent.url);
      expect(byId(independent.spans())).toEqual(byId(spans));
      await resend(requests, translator.url);
      const kept: SpanRecord[] = [];
      for (const traceId of new Set(spans.map((span) => span.traceId))) {
        const response = await fetch(`${translator.url}/api/traces/${traceId}/spans`);
        kept.push(...spansOf(readJson(new Uint8Array(await response.arrayBuffer()))));
      }
      expect(byId(kept)).toEqual(byId(spans));
    } finally {
      await independent.close();
      await translator.close();
    }
  });
});
