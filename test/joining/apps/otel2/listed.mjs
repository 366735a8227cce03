import { diag, DiagConsoleLogger, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { SpoorSpanProcessor } from 'spoor';

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);
const sdk = new NodeSDK({
  spanProcessors: [new SpoorSpanProcessor(), new BatchSpanProcessor(new OTLPTraceExporter())],
});
sdk.start();
process.once('beforeExit', () => void sdk.shutdown());
