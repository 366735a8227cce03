import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson, spansOf } from '../independent-collector/read-request.js';
import { startIndependentCollector } from '../independent-collector/start-independent-collector.js';
import type { BackEnd, HeldSpan, RunningBackEnd } from './back-end.js';
import { goProgram } from './install.js';
import { answers, freePorts, startProcess, until } from './run-process.js';

const VERSION = '0.160.0';

/**
 * The OpenTelemetry Collector. It writes what it has to a file as OTLP/JSON, and sends it on as protobuf to a receiver that is
 * read here: both must say the same.
 */
export const collector: BackEnd = {
  name: 'collector',
  title: 'OpenTelemetry Collector',
  version: VERSION,
  api: 'its file exporter, and its OTLP/HTTP exporter',
  install: goProgram({
    name: 'collector',
    version: VERSION,
    module: fileURLToPath(new URL('go/collector', import.meta.url)),
    target: '.',
  }),
  start,
  represent: (span) => span,
};

async function start(program: string, folder: string): Promise<RunningBackEnd> {
  const [port = 0] = await freePorts(1);
  const next = await startIndependentCollector();
  const config = join(folder, 'collector.yaml');
  const file = join(folder, 'traces.ndjson');
  writeFileSync(config, configuration(port, file, next.url));
  const endpoint = `http://127.0.0.1:${port}`;
  const process = await startProcess({
    command: program,
    args: ['--config', config],
    folder,
    isReady: () =>
      answers(`${endpoint}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
  });
  return {
    endpoint,
    read: async ({ service, spans: count }) => {
      const written = await until(async () => ofService(readSpans(file), service), count);
      const sentOn = await until(async () => ofService(next.spans(), service), count);
      if (inOrder(written) !== inOrder(sentOn)) {
        throw new Error('What the Collector wrote is not what it sent on.');
      }
      return written;
    },
    stop: async () => {
      await process.stop();
      await next.close();
    },
  };
}

function ofService(spans: readonly HeldSpan[], service: string): HeldSpan[] {
  return spans.filter((span) => span.resource?.attributes['service.name'] === service);
}

function inOrder(spans: readonly HeldSpan[]): string {
  const sorted = spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
  return JSON.stringify(sorted, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** One request a line; a last line without its end is still being written. */
function readSpans(file: string): HeldSpan[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.flatMap((line) => spansOf(readJson(Buffer.from(line))));
}

const configuration = (port: number, file: string, next: string): string => `
service:
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [file, otlphttp]
  telemetry:
    metrics:
      level: none
receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:${port}
exporters:
  file:
    path: ${file}
  otlphttp:
    endpoint: ${next}
`;
