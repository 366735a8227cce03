/** Agents against the loopback provider. */

export async function makeModel({ sdk, load, makeClient }, plan, api = 'chat') {
  const { OpenAI } = await load('openai');
  const client = new OpenAI({ apiKey: 'test', maxRetries: 0, ...makeClient(plan) });
  return api === 'chat'
    ? new sdk.OpenAIChatCompletionsModel(client, 'gpt-4o')
    : new sdk.OpenAIResponsesModel(client, 'gpt-4o');
}

/** As it is sent to the model: a schema by hand stays as it is. */
export const PARAMETERS = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** A tool that tells the weather, with `work` inside. */
export function weatherTool({ sdk }, work = async () => {}) {
  return sdk.tool({
    name: 'weather',
    description: 'Weather',
    parameters: PARAMETERS,
    execute: async ({ city }) => {
      await work(city);
      return `Sun over ${city}.`;
    },
  });
}

/** An agent with one model that answers by `plan`. */
export async function makeAgent(parts, plan, options = {}) {
  const { api, ...rest } = options;
  const model = await makeModel(parts, plan, api);
  return new parts.sdk.Agent({ name: 'Helper', instructions: 'Help.', model, ...rest });
}

/** Notes what a processor of the program is told, which must be the same with and without us. */
export function watchTracing({ sdk, log }) {
  const kind = (what) => async (item) => log(what, item.type === 'trace' ? item.name : item.spanData.type);
  const processor = {
    onTraceStart: kind('trace start'),
    onTraceEnd: kind('trace end'),
    onSpanStart: kind('span start'),
    onSpanEnd: kind('span end'),
    shutdown: async () => {},
    forceFlush: async () => {},
  };
  sdk.addTraceProcessor(processor);
  return processor;
}
