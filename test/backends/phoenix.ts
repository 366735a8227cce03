import { fileURLToPath } from 'node:url';
import type { Attributes, SpanRecord } from '../../src/otlp/records.js';
import type { BackEnd, HeldSpan, RunningBackEnd, Wanted } from './back-end.js';
import { pythonProgram } from './install.js';
import { answers, freePorts, startProcess, until } from './run-process.js';

const VERSION = '20.26.1';
const FOLDER = fileURLToPath(new URL('phoenix', import.meta.url));

/** Arize Phoenix with its SQLite storage. It takes protobuf only. */
export const phoenix: BackEnd = {
  name: 'phoenix',
  title: 'Phoenix',
  version: VERSION,
  api: '`GET /v1/projects/<project>/spans`',
  install: pythonProgram({
    name: 'phoenix',
    package: 'arize-phoenix',
    version: VERSION,
    constraints: FOLDER,
  }),
  start,
  represent,
  adds: /^(llm|embedding|tool|input|output|retrieval|session)\./,
  timeStepNs: 1000n,
  addressVariable: 'PHOENIX_COLLECTOR_ENDPOINT',
};

async function start(program: string, folder: string): Promise<RunningBackEnd> {
  const [http = 0, grpc = 0] = await freePorts(2);
  const endpoint = `http://127.0.0.1:${http}`;
  const { stop } = await startProcess({
    command: program,
    args: ['serve'],
    folder,
    env: {
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: String(http),
      PHOENIX_GRPC_PORT: String(grpc),
      PHOENIX_WORKING_DIR: folder,
      PHOENIX_TELEMETRY_ENABLED: 'false',
      PHOENIX_ALLOW_EXTERNAL_RESOURCES: 'false',
      PHOENIX_DISABLE_AGENT_ASSISTANT: 'true',
    },
    isReady: () => answers(`${endpoint}/readyz`),
    timeoutMs: 300_000,
  });
  return { endpoint, read: (wanted) => until(() => find(endpoint, wanted), wanted.spans), stop };
}

/** A span of Phoenix' REST API: https://arize.com/docs/phoenix/sdk-api-reference */
interface PhoenixSpan {
  name: string;
  context: { trace_id: string; span_id: string };
  span_kind: string;
  parent_id: string | null;
  start_time: string;
  end_time: string;
  status_code: string;
  status_message: string;
  attributes: Attributes;
  events: { name: string; timestamp: string; attributes: Attributes }[];
}

const LIMIT = 1000;
const STATUSES = ['UNSET', 'OK', 'ERROR'];
/** What Phoenix takes a span for, by the operation of the conventions. */
const KINDS: Readonly<Record<string, string>> = {
  chat: 'LLM',
  embeddings: 'EMBEDDING',
  execute_tool: 'TOOL',
  invoke_agent: 'AGENT',
};
const KIND = 'openinference.span.kind';

async function find(endpoint: string, { service }: Wanted): Promise<HeldSpan[]> {
  const response = await fetch(`${endpoint}/v1/projects/${service}/spans?limit=${LIMIT}`);
  const text = await response.text();
  // Before the first span there is no such project, or nothing is said about it.
  if (response.status === 404 || text === '') return [];
  if (!response.ok) throw new Error(`Phoenix answered ${response.status}: ${text}`);
  const { data } = JSON.parse(text) as { data: PhoenixSpan[] };
  return data.map((span) => ({
    traceId: span.context.trace_id,
    spanId: span.context.span_id,
    ...(span.parent_id === null ? {} : { parentSpanId: span.parent_id }),
    name: span.name,
    startTimeUnixNano: nanos(span.start_time),
    endTimeUnixNano: nanos(span.end_time),
    statusCode: STATUSES.indexOf(span.status_code),
    ...(span.status_message === '' ? {} : { statusMessage: span.status_message }),
    // It hands the kind out beside the attributes.
    attributes: { ...span.attributes, [KIND]: span.span_kind },
    events: span.events.map((event) => ({
      timeUnixNano: nanos(event.timestamp),
      name: event.name,
      attributes: event.attributes,
    })),
  }));
}

/** Phoenix keeps no links, no OpenTelemetry kind, no resource, no scope, no flags and no trace state. */
function represent(span: SpanRecord): HeldSpan {
  const { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano } = span;
  const operation = span.attributes['gen_ai.operation.name'];
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    startTimeUnixNano,
    endTimeUnixNano,
    statusCode: span.statusCode,
    ...(span.statusMessage === undefined ? {} : { statusMessage: span.statusMessage }),
    attributes: {
      ...span.attributes,
      [KIND]: (typeof operation === 'string' ? KINDS[operation] : undefined) ?? 'UNKNOWN',
    },
    events: span.events,
  };
}

/** Of `2026-01-31T10:20:30.123456+00:00`. */
function nanos(time: string): bigint {
  const [, seconds = '', fraction = ''] = /^([^.+Z]+)(?:\.(\d+))?/.exec(time) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
