import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { encodeResponse, encodeStatus } from '../../src/otlp/encode-response.js';
import { ExportTraceServiceResponseSchema } from '../independent-collector/proto/trace-service.gen.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('replies of the receiver', () => {
  it('say nothing when everything was kept', () => {
    expect(text(encodeResponse({}, 'json'))).toBe('{}');
    expect(encodeResponse({ rejected: undefined }, 'protobuf')).toHaveLength(0);
  });

  it('tell a partial success', () => {
    const rejected = { count: 70_000, reason: 'Späne '.repeat(50) };
    expect(JSON.parse(text(encodeResponse({ rejected }, 'json')))).toEqual({
      partialSuccess: { rejectedSpans: '70000', errorMessage: rejected.reason },
    });
    expect(
      fromBinary(ExportTraceServiceResponseSchema, encodeResponse({ rejected }, 'protobuf')).partialSuccess,
    ).toMatchObject({
      rejectedSpans: 70_000n,
      errorMessage: rejected.reason,
    });
  });

  it('tell an error as google.rpc.Status', () => {
    expect(JSON.parse(text(encodeStatus({ code: 3, message: 'no' }, 'json')))).toEqual({
      code: 3,
      message: 'no',
    });
    expect([...encodeStatus({ code: 3, message: 'no' }, 'protobuf')]).toEqual([0x08, 3, 0x12, 2, 0x6e, 0x6f]);
  });
});
