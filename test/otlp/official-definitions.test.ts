import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { toBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { encodeTraceRequestJson } from '../../src/otlp/encode-json.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { ExportTraceServiceRequestSchema } from '../independent-collector/proto/trace-service.gen.js';
import { readJson, readProtobuf, spansOf } from '../independent-collector/read-request.js';
import { randomRequest } from './random-request.js';

const corpus = process.env.SPOOR_CORPUS === undefined ? undefined : join(process.env.SPOOR_CORPUS, 'otlp');
const REQUESTS = 500;

/** Protobuf's JSON → OTLP/JSON: ids in hex. */
const byId = (records: SpanRecord[]): SpanRecord[] =>
  records.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));

function toOtlpJson(request: ReturnType<typeof randomRequest>): Buffer {
  const json = JSON.stringify(toJson(ExportTraceServiceRequestSchema, request), (key, value: unknown) =>
    /^(traceId|spanId|parentSpanId)$/.test(key)
      ? Buffer.from(String(value), 'base64').toString('hex')
      : value,
  );
  return Buffer.from(json);
}

describe('the decoder agrees with the official definitions', () => {
  it(`on ${REQUESTS} random requests in protobuf`, () => {
    let spans = 0;
    for (let seed = 0; seed < REQUESTS; seed++) {
      const body = toBinary(ExportTraceServiceRequestSchema, randomRequest(seed));
      const expected = spansOf(readProtobuf(body));
      expect(decodeTraceRequest(body, 'protobuf'), `seed ${seed}`).toEqual({
        spans: expected,
        rejected: undefined,
      });
      spans += expected.length;
    }
    expect(spans).toBeGreaterThan(REQUESTS);
  });

  it(`on ${REQUESTS} random requests in JSON`, () => {
    for (let seed = 0; seed < REQUESTS; seed++) {
      const request = randomRequest(seed);
      const body = toOtlpJson(request);
      const decoded = decodeTraceRequest(body, 'json');
      expect(decoded, `seed ${seed}`).toEqual({ spans: spansOf(request), rejected: undefined });
    }
  });

  it('on what it wrote itself', () => {
    for (let seed = 0; seed < REQUESTS; seed++) {
      const { spans } = decodeTraceRequest(
        toBinary(ExportTraceServiceRequestSchema, randomRequest(seed)),
        'protobuf',
      );
      const written = Buffer.from(JSON.stringify(encodeTraceRequestJson(spans)));
      // Spans of equal resource and scope come out side by side.
      expect(byId(decodeTraceRequest(written, 'json').spans), `seed ${seed}`).toEqual(byId(spans));
      expect(spansOf(readJson(written)).length).toBe(spans.length);
    }
  });

  // The corpus is not part of the project: its folder is named by the environment.
  it.skipIf(corpus === undefined)('on recorded payloads (needs SPOOR_CORPUS)', () => {
    const folder = corpus as string;
    const files = readdirSync(folder).filter((file) => /trace\.(json|pb)$/.test(file));
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) {
      const body = readFileSync(join(folder, file));
      const isJson = file.endsWith('.json');
      const expected = spansOf(isJson ? readJson(body) : readProtobuf(body));
      expect(expected.length, file).toBeGreaterThan(0);
      expect(decodeTraceRequest(body, isJson ? 'json' : 'protobuf'), file).toEqual({
        spans: expected,
        rejected: undefined,
      });
    }
  });
});
