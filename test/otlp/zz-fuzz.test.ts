import { toJson } from '@bufbuild/protobuf';
import { it, expect } from 'vitest';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { ExportTraceServiceRequestSchema } from '../independent-collector/proto/trace-service.gen.js';
import { randomFrom, randomRequest } from './random-request.js';
it('fuzz', async () => {
  let ok = 0, bad = 0, rej = 0;
  for (let seed = 0; seed < 4000; seed++) {
    const random = randomFrom(seed + 9);
    let n = 0;
    const mutate = (v: unknown): unknown => { n++; if (random() < 0.01) return [null, 5, 'x', {}, [], true, { a: 1 }, -1, '999999999999999999999999', { intValue: '5' }][Math.floor(random() * 10)];
      if (Array.isArray(v)) return v.map(mutate); if (v && typeof v === 'object') return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, /^(traceId|spanId|parentSpanId)$/.test(k) && random() > 0.02 ? Buffer.from(String(x), 'base64').toString('hex') : mutate(x)])); return v; };
    const body = Buffer.from(JSON.stringify(mutate(toJson(ExportTraceServiceRequestSchema, randomRequest(seed)))));
    try { const r = decodeTraceRequest(body, 'json'); ok++; if (r.rejected) rej++; const s = createMemoryStore(); await s.append(r.spans); for (const x of (await s.sessions({limit:500})).items) { await s.steps(x.id); await s.observations(x.id); } } catch (e) { bad++; expect(e).toMatchObject({ code: 'SPOOR_OTLP_MALFORMED' }); }
  }
  console.log({ ok, bad, rej });
}, 200000);
