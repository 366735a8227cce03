/** What every emitter is made to do, and what was really said: the calls, the provider's answers, and their usage. */
export const SYSTEM = 'You help customers of the parcel desk.';
export const QUESTION = 'Where is parcel 7?';
export const ANSWER = 'Parcel 7 is in Oslo.';
export const TOOL = {
  name: 'find_parcel',
  description: 'Finds a parcel.',
  parameters: {
    type: 'object',
    properties: { id: { type: 'number' } },
    required: ['id'],
    additionalProperties: false,
  },
};
export const TOOL_CALL = { id: 'call_parcel', name: TOOL.name, arguments: { id: 7 } };
export const TOOL_RESULT = { city: 'Oslo' };
export const SESSION = 'ses_parcel';
export const USER = 'u_customer';
/** As the conventions count: cached tokens are part of the input, reasoning is part of the output. */
export const USAGE = { input: 120, cacheRead: 100, output: 40, reasoning: 24 };
export const EMBEDDING_USAGE = { input: 9 };
export const ERROR_MESSAGE = 'The parcel desk is closed.';

/** Asked for → named in the answer, by provider. */
export const MODELS = {
  openai: { request: 'gpt-4.1-mini', response: 'gpt-4.1-mini-2025-04-14' },
  anthropic: { request: 'claude-haiku-4-5', response: 'claude-haiku-4-5-20251001' },
  embeddings: { request: 'text-embedding-3-small', response: 'text-embedding-3-small' },
};

export const CALLS = ['plain', 'tools', 'stream', 'error', 'embed'];

const QUESTIONS = {
  plain: QUESTION,
  tools: QUESTION,
  stream: QUESTION,
  error: 'Is the desk open?',
  embed: 'Parcels wait in Oslo.',
};

/** The question of a call; for `embed` the text. */
export function questionOf(call) {
  return QUESTIONS[call];
}

/** What an emitter of another language needs to make the same calls. */
export const TRUTH = {
  calls: CALLS,
  system: SYSTEM,
  questions: QUESTIONS,
  tool: TOOL,
  toolResult: TOOL_RESULT,
  session: SESSION,
  user: USER,
  models: MODELS,
};

/** What the provider says to a request. */
export function answerTo(request) {
  if (request.endpoint === 'openai.embeddings') {
    return { model: MODELS.embeddings.response, usage: EMBEDDING_USAGE, embeddings: [[0.6, 0.8]] };
  }
  const text = JSON.stringify(request.body);
  const provider = request.endpoint?.startsWith('anthropic') ? 'anthropic' : 'openai';
  const said = { model: MODELS[provider].response, usage: USAGE };
  if (text.includes(questionOf('error'))) return { fault: { status: 400, message: ERROR_MESSAGE } };
  const asksForTool = text.includes(`"${TOOL.name}"`) && !text.includes(TOOL_RESULT.city);
  return asksForTool ? { ...said, toolCalls: [TOOL_CALL] } : { ...said, text: ANSWER };
}
