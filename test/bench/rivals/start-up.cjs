/** Preloaded: the provider with its exporter, and one library beside it. */
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');
const { SETUPS } = require('./setups.cjs');

new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();
void SETUPS[process.env.RIVAL]();
