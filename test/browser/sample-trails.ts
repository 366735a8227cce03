/** OTLP/JSON of a few sessions, with text that tries to become markup wherever a trace can carry text. */

export const HOSTILE: string = [
  '<img src=x onerror="window.hacked=1">',
  '<script>window.hacked=1</script>',
  '<svg/onload=window.hacked=1>',
  '"><a href="javascript:window.hacked=1">x</a>',
  '{{constructor.constructor("window.hacked=1")()}}',
  '\u202Egnp.exe',
].join('');

const START_MS = Date.UTC(2026, 4, 3, 10, 0, 0);

interface SpanFields {
  name: string;
  at: number;
  ms: number;
  id: string;
  parent?: string;
  error?: string;
  open?: boolean;
  attributes: Record<string, unknown>;
}

function attribute([key, value]: [string, unknown]): object {
  if (typeof value === 'number') return { key, value: { doubleValue: value } };
  if (typeof value === 'boolean') return { key, value: { boolValue: value } };
  return { key, value: { stringValue: typeof value === 'string' ? value : JSON.stringify(value) } };
}

const nano = (ms: number): string => `${START_MS + ms}000000`;

function span(traceId: string, fields: SpanFields): object {
  return {
    traceId,
    spanId: fields.id.padStart(16, '0'),
    ...(fields.parent === undefined ? {} : { parentSpanId: fields.parent.padStart(16, '0') }),
    name: fields.name,
    kind: 1,
    startTimeUnixNano: nano(fields.at),
    endTimeUnixNano: nano(fields.at + fields.ms),
    attributes: Object.entries(fields.attributes).map(attribute),
    status: fields.error === undefined ? { code: 1 } : { code: 2, message: fields.error },
  };
}

function request(spans: object[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [attribute(['service.name', 'support-agent'])] },
        scopeSpans: [{ scope: { name: 'spoor', version: '0.1.0' }, spans }],
      },
    ],
  };
}

/** A session of two steps: a model call and a tool each; the tool of the second fails. */
export function supportTrail(id: string, text: string): object {
  const traceId = Buffer.from(id.padEnd(16, '-')).toString('hex').slice(0, 32);
  const context = (step?: string): Record<string, unknown> => ({
    'session.id': id,
    ...(step === undefined ? {} : { 'spoor.step.id': step }),
  });
  const question = { role: 'user', parts: [{ type: 'text', content: `Where is my parcel? ${text}` }] };
  const call = { type: 'tool_call', id: 'call_1', name: 'find_parcel', arguments: { parcel: 7, note: text } };
  const answer = {
    role: 'assistant',
    parts: [{ type: 'reasoning', content: `The number is known. ${text}` }, call],
    finish_reason: 'tool_call',
  };
  const result = {
    role: 'tool',
    parts: [{ type: 'tool_call_response', id: 'call_1', response: `In Utrecht ${text}` }],
  };
  const model = (step: string, input: object[], output: object[]): Record<string, unknown> => ({
    ...context(step),
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.request.temperature': 0,
    'gen_ai.usage.input_tokens': 1_200,
    'gen_ai.usage.output_tokens': 340,
    'gen_ai.system_instructions': [{ type: 'text', content: 'You are brief.' }],
    'gen_ai.input.messages': input,
    'gen_ai.output.messages': output,
    [`custom.${text}`]: text,
  });
  const tool = (step: string): Record<string, unknown> => ({
    ...context(step),
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'find_parcel',
    'gen_ai.tool.call.id': 'call_1',
    'gen_ai.tool.call.arguments': call.arguments,
    'gen_ai.tool.call.result': `In Utrecht ${text}`,
  });
  const done = {
    role: 'assistant',
    parts: [{ type: 'text', content: `It is in Utrecht. ${text}` }],
    finish_reason: 'stop',
  };
  return request([
    span(traceId, {
      name: `session ${text}`,
      id: '1',
      at: 0,
      ms: 9_000,
      attributes: {
        ...context(),
        'spoor.session.name': `support-agent ${text}`.trim(),
        'spoor.session.task': `Find parcel 7 and tell the customer. ${text}`,
        'spoor.session.is_successful': false,
        'spoor.session.success_reason': `The carrier did not answer. ${text}`,
      },
    }),
    span(traceId, {
      name: `step look up ${text}`,
      id: '2',
      parent: '1',
      at: 100,
      ms: 4_000,
      attributes: {
        ...context(`${id}-1`),
        'spoor.step.index': 0,
        'spoor.step.state': `Nothing is known. ${text}`,
      },
    }),
    span(traceId, {
      name: 'chat gpt-5-mini',
      id: '3',
      parent: '2',
      at: 200,
      ms: 1_800,
      attributes: model(`${id}-1`, [question], [answer]),
    }),
    span(traceId, {
      name: 'execute_tool find_parcel',
      id: '4',
      parent: '2',
      at: 2_100,
      ms: 900,
      attributes: tool(`${id}-1`),
    }),
    span(traceId, {
      name: `step answer ${text}`,
      id: '5',
      parent: '1',
      at: 4_200,
      ms: 4_500,
      error: `gave up ${text}`,
      attributes: {
        ...context(`${id}-2`),
        'spoor.step.index': 1,
        'spoor.step.goal': `Tell the customer ${text}`,
      },
    }),
    span(traceId, {
      name: 'chat gpt-5-mini',
      id: '6',
      parent: '5',
      at: 4_300,
      ms: 2_000,
      attributes: model(`${id}-2`, [question, answer, result], [done]),
    }),
    span(traceId, {
      name: `execute_tool find_parcel`,
      id: '7',
      parent: '5',
      at: 6_500,
      ms: 1_900,
      error: `carrier timed out ${text}`,
      attributes: { ...tool(`${id}-2`), 'error.type': 'TimeoutError' },
    }),
  ]);
}
