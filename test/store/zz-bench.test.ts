import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { decodeTraceRequest } from '../../src/otlp/decode.js';
import { encodeTraceRequestJson } from '../../src/otlp/encode-json.js';
import { chat, span, tool, traceId } from './spans.js';

it('bench', async () => {
  const dir = mkdtempSync('/tmp/r/bench-');
  for (const [label, perSession, batch, rich] of [['small', 1000, 500, false], ['chat', 1000, 500, true], ['10k session', 10000, 500, false], ['10k, batches of 20', 10000, 20, false]] as const) {
    const store = await openSqliteStore({ path: join(dir, label, 's.db') });
    const total = 20000;
    const all = Array.from({ length: total }, (_, i) => {
      const s = Math.floor(i / perSession);
      const attributes = { 'session.id': `s${s}`, 'spoor.step.id': `st${Math.floor((i % perSession) / 10)}` };
      const base = { id: i + 1, trace: s + 1, start: i, parent: i % perSession === 0 ? undefined : s * perSession + 1, attributes } as never as Parameters<typeof span>[0];
      if ((base as {parent?: unknown}).parent === undefined) delete (base as {parent?: unknown}).parent;
      if (!rich) return i % 3 === 0 ? chat(base) : i % 3 === 1 ? tool(base) : span(base);
      return chat({ ...base, attributes: { ...attributes, 'gen_ai.input.messages': JSON.stringify(Array.from({length: 1 + (i % 20)}, (_, k) => ({ role: 'user', parts: [{ type: 'text', content: `message ${s} ${i - (i % 20) + k} ` + 'lorem ipsum dolor '.repeat(12) }] }))) } });
    });
    const times: number[] = [];
    const t0 = performance.now();
    for (let i = 0; i < total; i += batch) { const t = performance.now(); await store.append(all.slice(i, i + batch)); times.push(performance.now() - t); }
    const ms = performance.now() - t0;
    const q = times.length / 4;
    const avg = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
    const t1 = performance.now(); const obs = await store.observations('s0'); const t2 = performance.now(); await store.session('s0'); const t3 = performance.now(); await store.sessions(); const t4 = performance.now();
    console.log(label, Math.round(total / ms * 1000), 'spans/s; first/last quarter batch ms', avg(times.slice(0, q)).toFixed(2), avg(times.slice(-q)).toFixed(2), 'obs', obs.length, (t2 - t1).toFixed(0), 'session', (t3 - t2).toFixed(2), 'list', (t4 - t3).toFixed(2), 'bytes/span', Math.round((await store.stats()).bytes / total));
    await store.close();
    if (label === 'small') {
      const json = Buffer.from(JSON.stringify(encodeTraceRequestJson(all)));
      const t = performance.now(); decodeTraceRequest(json, 'json'); const u = performance.now(); decodeTraceRequest(json, 'json'); const v = performance.now();
      console.log('json', json.length, Math.round(total / (u - t) * 1000), Math.round(total / (v - u) * 1000), 'spans/s');
    }
  }
  rmSync(dir, { recursive: true });
}, 120000);
