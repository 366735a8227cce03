import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpanRecord } from '../../src/otlp/records.js';
import { readJson, spansOf } from '../independent-collector/read-request.js';
import type { BackEnd, HeldSpan, RunningBackEnd, Wanted } from './back-end.js';
import { goProgram } from './install.js';
import { answers, freePorts, startProcess, until } from './run-process.js';

const VERSION = '2.13.0';

/** Jaeger 2 with its memory storage. Version 2.13.0 is the one that has a Go version too, v1.76.0. */
export const jaeger: BackEnd = {
  name: 'jaeger',
  title: 'Jaeger',
  version: VERSION,
  api: '`GET /api/v3/traces`',
  install: goProgram({
    name: 'jaeger',
    version: VERSION,
    module: fileURLToPath(new URL('go/jaeger', import.meta.url)),
    target: 'github.com/jaegertracing/jaeger/cmd/jaeger',
    ldflags: `-X github.com/jaegertracing/jaeger/internal/version.latestVersion=v${VERSION}`,
  }),
  start,
  represent,
  // What its view of a trace says about the times of spans.
  adds: /^@jaeger@warnings$/,
};

/** Jaeger sorts events by name, and a span of no length has one nanosecond. */
function represent(span: SpanRecord): HeldSpan {
  const { startTimeUnixNano: begun, endTimeUnixNano: ended } = span;
  return {
    ...span,
    endTimeUnixNano: ended > begun ? ended : begun + 1n,
    events: span.events.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))),
  };
}

async function start(program: string, folder: string): Promise<RunningBackEnd> {
  const [otlp = 0, http = 0, grpc = 0] = await freePorts(3);
  const config = join(folder, 'jaeger.yaml');
  writeFileSync(config, configuration({ otlp, http, grpc }));
  const api = `http://127.0.0.1:${http}/api/v3`;
  const { stop } = await startProcess({
    command: program,
    args: ['--config', config],
    folder,
    isReady: async () =>
      (await answers(`${api}/services`)) &&
      answers(`http://127.0.0.1:${otlp}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
  });
  return {
    endpoint: `http://127.0.0.1:${otlp}`,
    read: (wanted) => until(() => find(api, wanted), wanted.spans),
    stop,
  };
}

async function find(api: string, { service }: Wanted): Promise<HeldSpan[]> {
  const query = new URLSearchParams({
    'query.service_name': service,
    'query.start_time_min': new Date(Date.now() - 3_600_000).toISOString(),
    'query.start_time_max': new Date(Date.now() + 3_600_000).toISOString(),
    'query.num_traces': '1000',
  });
  const response = await fetch(`${api}/traces?${query.toString()}`);
  const text = await response.text();
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`Jaeger answered ${response.status}: ${text}`);
  const { result } = JSON.parse(text) as { result: unknown };
  return spansOf(readJson(Buffer.from(JSON.stringify(result))));
}

const configuration = (port: { otlp: number; http: number; grpc: number }): string => `
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [jaeger_storage_exporter]
  telemetry:
    metrics:
      level: none
extensions:
  jaeger_storage:
    backends:
      memory:
        memory:
          max_traces: 1000
  jaeger_query:
    storage:
      traces: memory
    http:
      endpoint: 127.0.0.1:${port.http}
    grpc:
      endpoint: 127.0.0.1:${port.grpc}
receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:${port.otlp}
exporters:
  jaeger_storage_exporter:
    trace_storage: memory
`;
