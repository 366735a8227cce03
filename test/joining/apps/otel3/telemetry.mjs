import { diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';

diag.setLogger(new DiagConsoleLogger(), { logLevel: DiagLogLevel.WARN });
const exporter = new OTLPTraceExporter();
const sdk = new NodeSDK({
  spanProcessors: [new BatchSpanProcessor({ exporter })],
  logRecordProcessors: [],
  metricReaders: [],
});
sdk.start();
process.once('beforeExit', () => void sdk.shutdown());
