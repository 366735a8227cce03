import { isDeepStrictEqual, inspect } from 'node:util';

/**
 * What the conventions list for each metric, written down here a second time: the attributes of a point are those of the span
 * that it comes from, and no others.
 */
const CALL = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.model',
  'server.address',
  'server.port',
];
const OPENAI = ['openai.response.service_tier', 'openai.response.system_fingerprint'];
const MCP = [
  'error.type',
  'gen_ai.operation.name',
  'gen_ai.prompt.name',
  'gen_ai.tool.name',
  'mcp.method.name',
  'mcp.protocol.version',
  'network.protocol.name',
  'network.transport',
  'rpc.response.status_code',
];
const ATTRIBUTES = {
  'gen_ai.client.operation.duration': [...CALL, ...OPENAI, 'error.type'],
  'gen_ai.client.token.usage': [...CALL, ...OPENAI, 'gen_ai.token.type'],
  'gen_ai.client.operation.time_to_first_chunk': CALL,
  'gen_ai.client.operation.time_per_output_chunk': CALL,
  'gen_ai.execute_tool.duration': ['error.type', 'gen_ai.agent.name', 'gen_ai.tool.name', 'gen_ai.tool.type'],
  'gen_ai.invoke_agent.duration': ['error.type', 'gen_ai.agent.name', 'gen_ai.request.model'],
  'gen_ai.invoke_agent.inference_calls': ['gen_ai.agent.name'],
  'gen_ai.invoke_agent.tool_calls': ['gen_ai.agent.name'],
  'gen_ai.workflow.duration': ['error.type', 'gen_ai.workflow.name'],
  'mcp.client.operation.duration': [...MCP, 'server.address', 'server.port'],
  'mcp.server.operation.duration': MCP,
};
const OF_INTERNAL = {
  execute_tool: 'gen_ai.execute_tool.duration',
  invoke_agent: 'gen_ai.invoke_agent.duration',
  invoke_workflow: 'gen_ai.workflow.duration',
};
const INFERENCE = ['chat', 'generate_content', 'text_completion'];
const [INTERNAL, SERVER, CLIENT] = [0, 1, 2];
/** The same number, but for the order in which it was added up. */
const TOLERANCE_SECONDS = 1e-6;

/**
 * Compares the points of a scenario with its spans: each span of ours counts once, under its own attributes, with its own
 * duration and tokens.
 * @returns the reasons why they do not fit.
 */
export function judgeMetrics(spans, points) {
  // A program that ended itself left no time to collect.
  if (points === undefined) return [];
  const expected = new Map();
  const own = spans.filter(({ scope }) => scope.startsWith('spoor'));
  for (const span of own) addSpan(expected, span, own);
  const [sessions, others] = [points.filter(isSession), points.filter((point) => !isSession(point))];
  const actual = new Map(others.map((point) => [keyOf(point.metric, point.attributes), point]));
  const keys = new Set([...expected.keys(), ...actual.keys()]);
  return [
    ...[...keys].flatMap((key) => compare(key, expected.get(key), actual.get(key))),
    ...judgeSessions(sessions, own),
  ];
}

function isSession({ metric }) {
  return metric.endsWith('.session.duration');
}

function compare(key, expected = { count: 0, sum: 0, slack: 0 }, actual = { count: 0, sum: 0 }) {
  const isNear = Math.abs(actual.sum - expected.sum) <= expected.slack;
  if (actual.count === expected.count && isNear) return [];
  return [
    `metric ${key}: expected ${expected.count} of sum ${expected.sum}, got ${actual.count} of sum ${actual.sum}`,
  ];
}

function addSpan(expected, span, spans) {
  const { kind, attributes, measured } = span;
  const add = (metric, value, slack, extra = {}) => {
    const said = { ...attributes, ...extra };
    const listed = ATTRIBUTES[metric].filter((name) => said[name] !== undefined);
    const key = keyOf(metric, Object.fromEntries(listed.map((name) => [name, said[name]])));
    const { count, sum, slack: more } = expected.get(key) ?? { count: 0, sum: 0, slack: 0 };
    expected.set(key, { count: count + 1, sum: sum + value, slack: more + slack });
  };
  const metric = durationMetric(span);
  if (metric === undefined) return;
  if (attributes['spoor.outcome'] !== 'abandoned') add(metric, measured.seconds, TOLERANCE_SECONDS);
  if (metric === 'gen_ai.client.operation.duration') addCall(add, attributes, measured);
  if (metric === 'gen_ai.invoke_agent.duration') addAgent(add, span, spans);
  if (kind === INTERNAL && attributes['mcp.method.name'] !== undefined)
    add('mcp.client.operation.duration', measured.seconds, measured.seconds);
}

function durationMetric({ kind, attributes }) {
  const operation = attributes['gen_ai.operation.name'];
  const isMcp = attributes['mcp.method.name'] !== undefined;
  if (kind === INTERNAL) return OF_INTERNAL[operation];
  if (kind === SERVER) return isMcp ? 'mcp.server.operation.duration' : undefined;
  if (isMcp) return 'mcp.client.operation.duration';
  return kind === CLIENT && operation !== undefined ? 'gen_ai.client.operation.duration' : undefined;
}

function addCall(add, attributes, { seconds }) {
  for (const type of ['input', 'output']) {
    const tokens = attributes[`gen_ai.usage.${type}_tokens`];
    if (tokens !== undefined) add('gen_ai.client.token.usage', tokens, 0, { 'gen_ai.token.type': type });
  }
  const toFirst = attributes['gen_ai.response.time_to_first_chunk'];
  if (toFirst !== undefined) add('gen_ai.client.operation.time_to_first_chunk', toFirst, 0.001);
  const gaps = (attributes['spoor.stream.chunk_count'] ?? 0) - 1;
  for (let gap = 0; gap < gaps; gap += 1)
    add('gen_ai.client.operation.time_per_output_chunk', seconds / gaps, seconds / gaps);
}

function addAgent(add, agent, spans) {
  const within = spans.filter((span) => agentOf(span, spans) === agent);
  const calls = within.filter(
    ({ kind, attributes }) => kind === CLIENT && INFERENCE.includes(attributes['gen_ai.operation.name']),
  );
  const tools = within.filter((span) => durationMetric(span) === 'gen_ai.execute_tool.duration');
  add('gen_ai.invoke_agent.inference_calls', calls.length, 0);
  add('gen_ai.invoke_agent.tool_calls', tools.length, 0);
}

/** The nearest agent around a span. */
function agentOf({ measured }, spans) {
  const parent = spans.find((span) => span.measured.id === measured.parentId);
  if (parent === undefined) return undefined;
  return durationMetric(parent) === 'gen_ai.invoke_agent.duration' ? parent : agentOf(parent, spans);
}

/** Sessions have no span. Each begins with a request that has one; not each one ends while its scenario lasts. */
function judgeSessions(points, spans) {
  return points.flatMap(({ metric, attributes, count }) => {
    const kind = metric.includes('.client.') ? CLIENT : SERVER;
    const openings = spans.filter(
      (span) =>
        span.kind === kind &&
        span.attributes['mcp.method.name'] === 'initialize' &&
        Object.keys(attributes).every((key) => isDeepStrictEqual(span.attributes[key], attributes[key])),
    );
    return count <= openings.length
      ? []
      : [`metric ${metric} ${inspect(attributes)}: ${count} sessions, ${openings.length} were opened`];
  });
}

function keyOf(metric, attributes) {
  const sorted = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${metric} ${JSON.stringify(Object.fromEntries(sorted))}`;
}
