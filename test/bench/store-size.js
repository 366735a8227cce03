/**
 * How much a store takes for one agent of fifty turns, each of which sends all messages before it again, beside its requests
 * in OTLP/protobuf, the smaller of the two encodings. What an empty file takes is left out: it does so once. Prints its row as
 * JSON.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeTraceRequest } from '../../dist/src/otlp/decode.js';
import { encodeTraceRequestProtobuf } from '../../dist/src/otlp/encode-protobuf.js';
import { openSqliteStore } from '../../dist/src/store/sqlite-store.js';

const TURNS = 50;
const RESOURCE = { attributes: { 'service.name': 'bench' } };
const SCOPE = { name: 'spoor', version: '0.1.0' };

/** Text that neither repeats nor packs well. */
function text(seed, length) {
  let made = '';
  for (let i = 0; made.length < length; i++)
    made += `${createHash('sha256').update(`${seed} ${i}`).digest('base64')} `;
  return made.slice(0, length);
}

function messagesOf(turn) {
  return [
    {
      role: 'assistant',
      parts: [
        { type: 'text', content: text(`thought ${turn}`, 400) },
        {
          type: 'tool_call',
          id: `call_${turn}`,
          name: 'read_file',
          arguments: { path: text(`path ${turn}`, 60) },
        },
      ],
    },
    {
      role: 'tool',
      parts: [{ type: 'tool_call_response', id: `call_${turn}`, response: text(`file ${turn}`, 3000) }],
    },
  ];
}

const instructions = JSON.stringify([{ type: 'text', content: text('instructions', 4000) }]);
const tools = JSON.stringify(
  Array.from({ length: 12 }, (_, i) => ({
    type: 'function',
    name: `tool_${i}`,
    description: text(`tool ${i}`, 500),
  })),
);

function requestOf(turn, history) {
  const startMs = 1_760_000_000_000 + turn * 5000;
  const [answer] = messagesOf(turn);
  return encodeTraceRequestProtobuf([
    {
      traceId: 'a'.repeat(32),
      spanId: (turn + 1).toString(16).padStart(16, '0'),
      name: 'chat model-a',
      kind: 3,
      startTimeUnixNano: BigInt(startMs) * 1_000_000n,
      endTimeUnixNano: BigInt(startMs + 4000) * 1_000_000n,
      attributes: {
        'session.id': 'agent',
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'model-a',
        'gen_ai.usage.input_tokens': 2000 + turn * 900,
        'gen_ai.usage.output_tokens': 150,
        'gen_ai.system_instructions': instructions,
        'gen_ai.tool.definitions': tools,
        'gen_ai.input.messages': JSON.stringify(history),
        'gen_ai.output.messages': JSON.stringify([answer]),
      },
      events: [],
      links: [],
      statusCode: 0,
      resource: RESOURCE,
      scope: SCOPE,
    },
  ]);
}

const folder = mkdtempSync(path.join(tmpdir(), 'spoor-bench-'));
const file = path.join(folder, 'spoor.db');
/** On disk: closing writes the log of changes into the file. */
const sizeAfter = async (work) => {
  const store = await openSqliteStore({ path: file });
  await work(store);
  await store.close();
  return statSync(file).size;
};
const empty = await sizeAfter(async () => {});
let sent = 0;
const full = await sizeAfter(async (store) => {
  const history = [{ role: 'user', parts: [{ type: 'text', content: text('task', 500) }] }];
  for (let turn = 0; turn < TURNS; turn++) {
    const body = requestOf(turn, history);
    sent += body.length;
    await store.append(decodeTraceRequest(body, 'protobuf').spans);
    history.push(...messagesOf(turn));
  }
});
rmSync(folder, { recursive: true });
console.log(
  JSON.stringify([
    {
      name: `${TURNS}-turn agent, in the store`,
      unit: 'KB',
      floor: sent / 1000,
      spoor: (full - empty) / 1000,
    },
  ]),
);
