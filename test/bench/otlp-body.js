/** OTLP/JSON requests of one agent run each: a session, its steps, and the calls in them. */

const HEX = (value, digits) => value.toString(16).padStart(digits, '0');
const text = (key, value) => ({ key, value: { stringValue: value } });
const int = (key, value) => ({ key, value: { intValue: String(value) } });

/**
 * @param {number} run makes the ids
 * @param {number} spans
 * @returns {Buffer}
 */
export function otlpBody(run, spans) {
  const traceId = HEX(run + 1, 32);
  const session = `ses_${run}`;
  const start = 1_760_000_000_000 + run * 60_000;
  const list = Array.from({ length: spans }, (_, at) => span(at, { traceId, session, start, run }));
  return Buffer.from(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', 'bench')] },
          scopeSpans: [{ scope: { name: 'spoor', version: '0.1.0' }, spans: list }],
        },
      ],
    }),
  );
}

function span(at, { traceId, session, start, run }) {
  const spanId = HEX(run * 100_000 + at + 1, 16);
  const own = {
    traceId,
    spanId,
    kind: 3,
    startTimeUnixNano: String(BigInt(start + at * 10) * 1_000_000n),
    endTimeUnixNano: String(BigInt(start + at * 10 + 8) * 1_000_000n),
    status: {},
  };
  if (at === 0) {
    return { ...own, name: 'session bench', kind: 1, attributes: [text('session.id', session)] };
  }
  const parentSpanId = HEX(run * 100_000 + 1, 16);
  const content = JSON.stringify([
    {
      role: 'user',
      parts: [{ type: 'text', content: `Question ${at}: where is parcel ${at}, and when does it arrive?` }],
    },
  ]);
  return {
    ...own,
    parentSpanId,
    name: 'chat model-a',
    attributes: [
      text('session.id', session),
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', 'openai'),
      text('gen_ai.request.model', 'model-a'),
      text('gen_ai.response.model', 'model-a-2026'),
      text('gen_ai.response.id', `chatcmpl-${run}-${at}`),
      { key: 'gen_ai.request.temperature', value: { doubleValue: 0 } },
      { key: 'gen_ai.response.finish_reasons', value: { arrayValue: { values: [{ stringValue: 'stop' }] } } },
      int('gen_ai.usage.input_tokens', 18),
      int('gen_ai.usage.output_tokens', 14),
      text('server.address', 'api.example.com'),
      int('server.port', 443),
      text('gen_ai.input.messages', content),
      text('gen_ai.output.messages', content.replace('user', 'assistant')),
    ],
  };
}
