import { expect, test } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { createRandom, mutateProtobuf } from './mutate.js';
import { traceRequestProtobuf } from './otlp-payloads.js';

test('half of the mutations of protobuf and more are still read, and hardly two are the same', () => {
  const original = traceRequestProtobuf(
    ...Array.from({ length: 3 }, (_, at) => ({
      spanId: String(at + 1).repeat(16),
      attributes: { a: 'b', 'gen_ai.request.model': 'm' },
    })),
  );
  let read = 0;
  const seen = new Set<string>();
  for (let seed = 0; seed < 500; seed += 1) {
    const mutated = mutateProtobuf(original, createRandom(seed));
    seen.add(mutated.toString('hex'));
    try {
      decodeTraceRequest(mutated, 'protobuf');
      read += 1;
    } catch {
      // It is for the fuzz test to say whether this is answered properly.
    }
  }
  expect(read).toBeGreaterThan(250);
  expect(read).toBeLessThan(500);
  expect(seen.size).toBeGreaterThan(400);
});
