import type { Attributes, SpanRecord } from '../../src/otlp/records.js';

/** Start of time in these tests, in milliseconds since the epoch. */
export const T0 = 1_800_000_000_000;

export interface SpanSketch {
  trace?: string | number;
  id: string | number;
  parent?: string | number;
  name?: string;
  /** Milliseconds after T0. */
  start?: number;
  /** Milliseconds after T0; `null` for an open span. Default: 10 after the start. */
  end?: number | null;
  error?: boolean;
  attributes?: Attributes;
  scope?: string;
  link?: { trace: string | number; id: string | number };
  service?: string;
  flags?: number;
}

/** A number or a hex text → a trace id. */
export function traceId(of: string | number): string {
  return typeof of === 'number' ? of.toString(16).padStart(32, '0') : of;
}

/** A number or a hex text → a span id. */
export function spanId(of: string | number): string {
  return typeof of === 'number' ? of.toString(16).padStart(16, '0') : of;
}

/** A span record with the few fields that matter to a test. */
export function span(sketch: SpanSketch): SpanRecord {
  const start = sketch.start ?? 0;
  const end = sketch.end === undefined ? start + 10 : sketch.end;
  const record: SpanRecord = {
    traceId: traceId(sketch.trace ?? 1),
    spanId: spanId(sketch.id),
    name: sketch.name ?? 'span',
    kind: 1,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: end === null ? 0n : nanos(end),
    attributes: bare(sketch.attributes ?? {}),
    events: [],
    links: [],
    statusCode: sketch.error === true ? 2 : 0,
    resource: { attributes: bare({ 'service.name': sketch.service ?? 'svc' }) },
    scope: { name: sketch.scope ?? 'test' },
  };
  if (sketch.parent !== undefined) record.parentSpanId = spanId(sketch.parent);
  if (sketch.flags !== undefined) record.flags = sketch.flags;
  if (sketch.link !== undefined) {
    record.links.push({
      traceId: traceId(sketch.link.trace),
      spanId: spanId(sketch.link.id),
      attributes: bare({}),
    });
  }
  return record;
}

function nanos(ms: number): bigint {
  return BigInt(Math.round((T0 + ms) * 1000)) * 1000n;
}

function bare(attributes: Attributes): Attributes {
  return Object.assign(Object.create(null) as Attributes, attributes);
}

/** A model call as the GenAI conventions say it. */
export function chat(
  sketch: SpanSketch & { model?: string; input?: number; output?: number; cost?: number },
): SpanRecord {
  const { model = 'gpt-5', input = 100, output = 10, cost, ...rest } = sketch;
  return span({
    name: `chat ${model}`,
    ...rest,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.output_tokens': output,
      ...(cost === undefined ? {} : { 'spoor.cost.total': cost }),
      ...sketch.attributes,
    },
  });
}

/** A tool call as the GenAI conventions say it. */
export function tool(sketch: SpanSketch): SpanRecord {
  return span({
    name: 'execute_tool search',
    ...sketch,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'search',
      ...sketch.attributes,
    },
  });
}
