import { createRequire } from 'node:module';

/**
 * The instrumented run: an app's own OpenTelemetry that keeps the spans, and spoor's instrumentations joined to it. Runs as
 * a copy beside the program, so that every import is resolved as it would be for a user.
 */
const require = createRequire(import.meta.url);
const { NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
const { DiagLogLevel, diag } = require('@opentelemetry/api');
const { endOpenCalls, installInstrumentations } = await import('spoor/instrumentations');

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
});
const processor = {
  onStart(span) {
    ids.set(span.spanContext().spanId, span.name);
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
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
provider.register();
globalThis.contractTracer = provider.getTracer('app');
installInstrumentations();
process.on('exit', () => endOpenCalls());
