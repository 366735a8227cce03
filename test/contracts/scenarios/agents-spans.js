/**
 * Whole attribute sets that the spans of the scenarios must have. `hasTurns`: later versions of the SDK have a span for each turn of
 * an agent, and one for the whole run.
 */

function span(name, parent, attributes, extra = {}) {
  return {
    name,
    kind: 0,
    status: { code: 0 },
    attributes: Object.fromEntries(
      Object.entries({ 'spoor.outcome': 'completed', ...attributes }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    events: [],
    scope: 'spoor/openai-agents',
    parent,
    ...extra,
  };
}

const WORKFLOW = 'Agent workflow';
const USER = { role: 'user', parts: [{ type: 'text', content: 'Hi.' }] };
const USAGE = { 'gen_ai.usage.input_tokens': 20, 'gen_ai.usage.output_tokens': 10 };

export const said = (text, reason = 'stop') => ({
  role: 'assistant',
  parts: [{ type: 'text', content: text }],
  ...(reason === null ? {} : { finish_reason: reason }),
});

export function makeSpans(hasTurns) {
  const parentOf = (agent, turn) => (hasTurns ? `turn ${turn}` : `invoke_agent ${agent}`);
  return {
    workflow: (attributes = {}, extra = {}) =>
      span(
        `invoke_workflow ${WORKFLOW}`,
        null,
        {
          'spoor.observation.type': 'CHAIN',
          'gen_ai.operation.name': 'invoke_workflow',
          'gen_ai.workflow.name': WORKFLOW,
          ...attributes,
        },
        extra,
      ),
    /** The span of the run, where there is one. */
    task: (attributes = {}, extra = {}) =>
      hasTurns
        ? [
            span(
              `task ${WORKFLOW}`,
              `invoke_workflow ${WORKFLOW}`,
              { 'spoor.observation.type': 'CHAIN', ...attributes },
              extra,
            ),
          ]
        : [],
    agent: (name, attributes = {}, extra = {}) =>
      span(
        `invoke_agent ${name}`,
        hasTurns ? `task ${WORKFLOW}` : `invoke_workflow ${WORKFLOW}`,
        {
          'spoor.observation.type': 'AGENT',
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': name,
          'spoor.observation.metadata.output_type': 'text',
          ...attributes,
        },
        extra,
      ),
    /** The span of a turn, where there is one. */
    turn: (agent, turn, attributes = {}, extra = {}) =>
      hasTurns
        ? [
            span(
              `turn ${turn}`,
              `invoke_agent ${agent}`,
              {
                'spoor.observation.type': 'CHAIN',
                'spoor.observation.metadata.agent_name': agent,
                ...attributes,
              },
              extra,
            ),
          ]
        : [],
    tool: (agent, city, attributes = {}, extra = {}) =>
      span(
        'execute_tool weather',
        parentOf(agent, 1),
        {
          'spoor.observation.type': 'TOOL',
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'weather',
          'gen_ai.tool.call.arguments': { city },
          'gen_ai.tool.call.result': `Sun over ${city}.`,
          ...attributes,
        },
        extra,
      ),
    handoff: (agent, to) =>
      span(`handoff ${to}`, parentOf(agent, 1), {
        'spoor.observation.type': 'SPAN',
        'spoor.observation.metadata.from_agent': agent,
        'spoor.observation.metadata.to_agent': to,
      }),
    /** A call of the model: the SDK's span, with what the provider's package said of it. */
    model: (agent, turn, attributes = {}, extra = {}) =>
      span(
        'chat gpt-4o',
        parentOf(agent, turn),
        {
          'spoor.observation.type': 'GENERATION',
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'server.address': '127.0.0.1',
          'server.port': 'PORT',
          'openai.api.type': 'chat_completions',
          ...(hasTurns ? {} : { 'gen_ai.output.type': 'text' }),
          'gen_ai.input.messages': [{ role: 'system', parts: [{ type: 'text', content: 'Help.' }] }, USER],
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.response.model': 'gpt-4o-2024-08-06',
          'gen_ai.response.finish_reasons': ['stop'],
          'gen_ai.output.messages': [said('Hello.')],
          ...USAGE,
          ...attributes,
        },
        { kind: 2, ...extra },
      ),
    span,
    app: (name, parent) => span(name, parent, { 'spoor.outcome': undefined }, { scope: 'app' }),
  };
}
