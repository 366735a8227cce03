import { randomBytes } from 'node:crypto';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { OtlpTarget } from '../config/targets.js';
import { VERSION } from '../shared/version.js';
import type { SendResult } from './http-send.js';
import { createOtlpSender } from './otlp-sender.js';

/** Sends one span that says no more than that it is a probe. Never rejects. */
export async function sendProbe(
  target: OtlpTarget,
  signal: AbortSignal,
): Promise<{ sent: SendResult; traceId: string }> {
  const span = probeSpan();
  return { sent: await createOtlpSender(target)([span], signal), traceId: span.spanContext().traceId };
}

function probeSpan(): ReadableSpan {
  const now = Date.now();
  const time: [number, number] = [Math.floor(now / 1000), (now % 1000) * 1e6];
  const context = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.SAMPLED,
  };
  return {
    name: 'spoor doctor',
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    startTime: time,
    endTime: time,
    status: { code: SpanStatusCode.OK },
    attributes: {},
    links: [],
    events: [],
    duration: [0, 0],
    ended: true,
    resource: resourceFromAttributes({ 'service.name': 'spoor doctor' }),
    instrumentationScope: { name: 'spoor', version: VERSION },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
