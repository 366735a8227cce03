/** Runs of an agent as span records: fifty spans of one session each, the same ones for the same number. */
import { createHash } from 'node:crypto';

export const SPANS_A_RUN = 50;
const START_MS = 1_760_000_000_000;
const AGENTS = 20;
const USERS = 10_000;
const TAGS = 50;
const RESOURCE = { attributes: bare({ 'service.name': 'bench', 'deployment.environment.name': 'test' }) };
const SCOPE = { name: 'spoor', version: '0.1.0' };
const WORDS = (
  'parcel order refund invoice address delay carrier depot customer ticket window model search answer shelf label ' +
  'river stone garden winter copper violet harbor ladder meadow signal lantern orbit walnut saddle ribbon canyon'
).split(' ');

function bare(fields) {
  return Object.assign(Object.create(null), fields);
}

function said(run, at, words) {
  const list = Array.from({ length: words }, (_, i) => WORDS[(run * 7 + at * 13 + i * i * 3) % WORDS.length]);
  // A word of its own, so that one run can be found among all.
  return `${list.join(' ')} nr${run}x${at}`;
}

function messages(role, content) {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

/**
 * @param {number} run 0, 1, 2 …
 * @returns {import('../../dist/src/otlp/records.js').SpanRecord[]}
 */
export function agentRun(run) {
  const digest = createHash('sha256').update(`run ${run}`).digest('hex');
  const traceId = digest.slice(0, 32);
  const prefix = digest.slice(32, 44);
  const idOf = (at) => `${prefix}${(at + 1).toString(16).padStart(4, '0')}`;
  const session = `ses_${digest.slice(44)}_${run}`;
  const startMs = START_MS + run * 20;
  return Array.from({ length: SPANS_A_RUN }, (_, at) => {
    const isRoot = at === 0;
    const span = {
      traceId,
      spanId: idOf(at),
      name: nameOf(at),
      kind: at % 4 === 1 ? 3 : 1,
      startTimeUnixNano: BigInt(startMs + at * 10) * 1_000_000n,
      endTimeUnixNano: BigInt(startMs + (isRoot ? 1000 : at * 10 + 8)) * 1_000_000n,
      attributes: bare({ 'session.id': session, ...attributesOf(run, at) }),
      events: [],
      links: [],
      statusCode: (isRoot || at === 7) && run % 20 === 3 ? 2 : 0,
      resource: RESOURCE,
      scope: SCOPE,
    };
    if (at > 0) span.parentSpanId = idOf(0);
    return span;
  });
}

function nameOf(at) {
  if (at === 0) return 'session';
  return at % 4 === 1 ? 'chat model-a' : `tool_${at % 4}`;
}

function attributesOf(run, at) {
  if (at === 0) {
    return {
      'spoor.session.name': `run ${run}`,
      'spoor.session.task': said(run, at, 8),
      'spoor.session.tags': [`tag-${run % TAGS}`],
      'gen_ai.agent.name': `agent-${run % AGENTS}`,
      'user.id': `user-${run % USERS}`,
    };
  }
  if (at % 4 === 1) {
    return {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-a',
      'gen_ai.response.model': 'model-a-2026',
      'gen_ai.usage.input_tokens': 100 + at,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.input.messages': messages('user', said(run, at, 12)),
      'gen_ai.output.messages': messages('assistant', said(run, at + 100, 12)),
    };
  }
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': `tool_${at % 4}`,
    'gen_ai.tool.call.arguments': JSON.stringify({ query: said(run, at, 3) }),
    'gen_ai.tool.call.result': said(run, at + 200, 6),
  };
}
