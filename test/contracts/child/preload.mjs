import { createRequire } from 'node:module';

/**
 * The instrumented run: an app's own OpenTelemetry that keeps the spans, and spoor's instrumentations joined to it. Runs as
 * a copy beside the program, so that every import is resolved as it would be for a user.
 */
const require = createRequire(import.meta.url);
const { NodeTracerProvider, SamplingDecision } = require('@opentelemetry/sdk-trace-node');
const { AggregationTemporality, MeterProvider, MetricReader } = require('@opentelemetry/sdk-metrics');
const { DiagLogLevel, diag, metrics } = require('@opentelemetry/api');
const { endOpenCalls, installInstrumentations } = await import('spoor/instrumentations');

/** Collected after each scenario, so that a point is of the scenario that recorded it. */
class DeltaReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }
  async onForceFlush() {}
  async onShutdown() {}
}

const ids = new Map();
globalThis.contractSpans = [];
globalThis.contractStarted = 0;
globalThis.contractDiag = [];
globalThis.contractEndOpen = endOpenCalls;
globalThis.contractDescribeSpan = (span) => ({
  name: span.name,
  kind: span.kind,
  status: span.status,
  attributes: span.attributes,
  events: span.events.map(({ name }) => name),
  scope: span.instrumentationScope.name,
  parent: ids.get(span.parentSpanContext?.spanId) ?? null,
  measured: {
    id: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId ?? null,
    seconds: span.duration[0] + span.duration[1] / 1e9,
    atStart: atStart.get(span.spanContext().spanId),
  },
});
const reader = new DeltaReader();
globalThis.contractPoints = async () => {
  const { resourceMetrics, errors } = await reader.collect();
  for (const error of errors) globalThis.contractDiag.push(`metrics ${String(error)}`);
  return resourceMetrics.scopeMetrics.flatMap((scope) =>
    scope.metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value: { count, sum } }) => ({
        metric: descriptor.name,
        attributes,
        count,
        sum,
      })),
    ),
  );
};
const atStart = new Map();
let seen = {};
const sampler = {
  shouldSample(context, traceId, name, kind, attributes) {
    seen = { ...attributes };
    return { decision: SamplingDecision.RECORD_AND_SAMPLED };
  },
  toString: () => 'keeps what it sees',
};
const processor = {
  onStart(span) {
    ids.set(span.spanContext().spanId, span.name);
    atStart.set(span.spanContext().spanId, seen);
    globalThis.contractStarted += 1;
  },
  onEnd(span) {
    globalThis.contractSpans.push(span);
  },
  forceFlush: async () => {},
  shutdown: async () => {},
};
const keep = (level) => (message) => globalThis.contractDiag.push(`${level} ${message}`);
const logger = { error: keep('error'), warn: keep('warn'), info() {}, debug() {}, verbose() {} };
diag.setLogger(logger, DiagLogLevel.WARN);
const provider = new NodeTracerProvider({ sampler, spanProcessors: [processor] });
provider.register();
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
globalThis.contractTracer = provider.getTracer('app');
installInstrumentations();
process.on('exit', () => endOpenCalls());
