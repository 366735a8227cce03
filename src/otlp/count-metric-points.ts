import type { OtlpEncoding } from './encoding.js';
import { list, object, optionalObject, parseBody } from './json-values.js';
import { field, table } from './protobuf-values.js';
import { createCursor, readEnd, readFields, readMessage, WIRE, type Field, type Fields } from './wire.js';

interface Count {
  points: number;
}

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

/**
 * Counts the data points of an ExportMetricsServiceRequest; they are not decoded. Throws SPOOR_OTLP_MALFORMED when the
 * body is no such request.
 */
export function countMetricPoints(body: Uint8Array, encoding: OtlpEncoding): number {
  return encoding === 'json' ? countJson(body) : countProtobuf(body);
}

function countJson(body: Uint8Array): number {
  let points = 0;
  const request = object(parseBody(body), 'The body');
  for (const resource of list(request.resourceMetrics, 'resourceMetrics')) {
    const scopes = list(object(resource, 'resourceMetrics[]').scopeMetrics, 'scopeMetrics');
    for (const scope of scopes) {
      for (const item of list(object(scope, 'scopeMetrics[]').metrics, 'metrics')) {
        const metric = object(item, 'metrics[]');
        for (const kind of KINDS) {
          points += list(optionalObject(metric[kind], kind).dataPoints, `${kind}.dataPoints`).length;
        }
      }
    }
  }
  return points;
}

/** Field numbers after https://github.com/open-telemetry/opentelemetry-proto (metrics/v1). */
const POINTS: Fields<Count> = table<Count>({
  1: field(WIRE.bytes, (cursor, into) => {
    cursor.pos = readEnd(cursor);
    into.points += 1;
  }),
});
const points: Field<Count> = inner(POINTS);
const METRIC: Fields<Count> = table<Count>({ 5: points, 7: points, 9: points, 10: points, 11: points });
const SCOPE_METRICS: Fields<Count> = table<Count>({ 2: inner(METRIC) });
const RESOURCE_METRICS: Fields<Count> = table<Count>({ 2: inner(SCOPE_METRICS) });
const REQUEST: Fields<Count> = table<Count>({ 1: inner(RESOURCE_METRICS) });

function inner(fields: Fields<Count>): Field<Count> {
  return field(WIRE.bytes, (cursor, into) => readMessage(cursor, fields, into, 0));
}

function countProtobuf(body: Uint8Array): number {
  const count: Count = { points: 0 };
  readFields(createCursor(body), REQUEST, count, 0);
  return count.points;
}
