import { definition } from '../../instrumentations/google-genai/instrumentation.js';
import { isEvents, type Recording } from './recordings.js';
import { RECORDING_HEADER } from './replay-server.js';
import { describeSdkCorpus } from './sdk-replay.js';
import { eventsOf, type Truth } from './truth.js';

type Json = ReturnType<typeof JSON.parse>;
type Method = 'generateContent' | 'generateContentStream' | 'embedContent' | 'countTokens';
interface Sdk {
  GoogleGenAI: new (options: object) => {
    models: Record<Method, (params: object) => Promise<unknown>>;
    interactions: { create(params: object): Promise<unknown> };
  };
}

/** Calls by path → methods of the SDK. Numbers in place of words are never what the SDK asks for. */
const METHODS: Readonly<Record<string, Method>> = {
  generateContent: 'generateContent',
  streamGenerateContent: 'generateContentStream',
  batchEmbedContents: 'embedContent',
  embedContent: 'embedContent',
  countTokens: 'countTokens',
};
const PATH = /^\/(v1\w*)\/((?:projects\/.*\/)?(?:publishers\/google\/)?models\/([^/:]+)):(\w+)(\?|$)/;

describeSdkCorpus({
  name: 'google-genai',
  definition,
  entry: 'google3/dist/node/index.mjs',
  providers: ['google-genai', 'vertex'],
  wanted: (_method, path) =>
    isInteraction(path) || (METHODS[PATH.exec(path)?.[4] ?? ''] !== undefined && !path.includes('encoding')),
  atLeast: 160,
  pathOf: (recording) => recording.path.replace(/\?.*$/, ''),
  call: ({ GoogleGenAI }: Sdk, recording, origin) => {
    const [, apiVersion = 'v1beta', resource = ''] = PATH.exec(recording.path) ?? [];
    const client = new GoogleGenAI({
      apiKey: 'none',
      vertexai: recording.provider === 'vertex',
      apiVersion,
      httpOptions: { baseUrl: origin, headers: { [RECORDING_HEADER]: recording.id } },
    });
    if (isInteraction(recording.path))
      return client.interactions.create(structuredClone(recording.body) as object);
    return client.models[methodOf(recording)]({ model: resource, ...paramsOf(recording) });
  },
  truthOf: (recording) =>
    isInteraction(recording.path) ? truthOfInteraction(recording) : truthOf(recording),
  requestOf: (recording) => {
    if (isInteraction(recording.path)) return requestOfInteraction(recording.body as Json);
    const { maxOutputTokens, temperature, topP } = recording.body?.['generationConfig'] ?? ({} as Json);
    return {
      'gen_ai.provider.name': recording.provider === 'vertex' ? 'gcp.vertex_ai' : 'gcp.gemini',
      'gen_ai.request.model': PATH.exec(recording.path)?.[3],
      ...given('gen_ai.request.max_tokens', maxOutputTokens),
      ...given('gen_ai.request.temperature', temperature),
      ...given('gen_ai.request.top_p', topP),
    };
  },
  textsOf: ({ path, body }) => {
    if (isInteraction(path)) return textsOfInteraction((body as Json).input);
    const { systemInstruction, contents = [], requests = [], content } = (body ?? {}) as Json;
    const all: Json[] = [
      systemInstruction,
      ...contents,
      content,
      ...requests.map((one: Json) => one.content),
    ];
    return all
      .flatMap((one) => one?.parts ?? [])
      .map(({ text }: Json) => text)
      .filter((text) => typeof text === 'string');
  },
});

function isInteraction(path: string): boolean {
  return path === '/v1beta/interactions';
}

function requestOfInteraction({ model, agent, generation_config: config }: Json): Record<string, unknown> {
  return {
    'gen_ai.operation.name': agent === undefined ? 'generate_content' : 'invoke_agent',
    ...given('gen_ai.request.model', model),
    ...given('gen_ai.agent.id', agent),
    ...given('gen_ai.request.max_tokens', config?.max_output_tokens),
    ...given('gen_ai.request.temperature', config?.temperature),
    ...given('gen_ai.request.reasoning.level', config?.thinking_level),
  };
}

function textsOfInteraction(input: Json): string[] {
  if (typeof input === 'string') return [input];
  return [input].flat().flatMap(({ text }: Json) => text ?? []);
}

const STATES: Record<string, string> = { completed: 'stop', incomplete: 'length' };

/** What the last event of a stream does not say is in the pieces before it. */
function truthOfInteraction(recording: Recording): Truth | undefined {
  if (recording.status >= 400) return undefined;
  if (!isEvents(recording.answer)) return interactionTruth(JSON.parse(recording.answer));
  // Some were recorded without the empty lines between the events.
  const events: Json[] = [...recording.answer.matchAll(/^data: (\{.*?\})(?=event: |$)/gm)].map(
    ([, data = '']) => JSON.parse(data),
  );
  const steps: Json[] = events
    .filter(({ event_type: type }) => type === 'step.start')
    .map(({ step }) => ({ ...step, content: [], summary: [] }));
  for (const { event_type: type, index, delta } of events) {
    if (type !== 'step.delta') continue;
    if (delta.type === 'text') steps[index].content.push(delta);
    if (delta.type === 'thought_summary') steps[index].summary.push(delta.content);
  }
  return interactionTruth({ ...events.at(-1).interaction, steps });
}

function interactionTruth({ id, model, status, steps = [], usage }: Json): Truth {
  const wordsOf = (list: Json[]): string => list.map(({ text }) => text ?? '').join('');
  const reason = STATES[status];
  return {
    id,
    ...(model === undefined ? {} : { model }),
    texts: [
      wordsOf(steps.flatMap(({ type, content = [] }: Json) => (type === 'model_output' ? content : []))),
    ],
    toolCalls: [],
    ...(reason === undefined ? {} : { finishReasons: [reason] }),
    usage: counts({
      input: add(usage?.total_input_tokens, usage?.total_tool_use_tokens),
      output: add(usage?.total_output_tokens, usage?.total_thought_tokens),
      cacheRead: usage?.total_cached_tokens,
      reasoning: usage?.total_thought_tokens,
    }),
    others: [wordsOf(steps.flatMap(({ summary = [] }: Json) => summary))].filter((text) => text !== ''),
  };
}

function given(key: string, value: unknown): Record<string, unknown> {
  return value === undefined || value === null ? {} : { [key]: value };
}

function methodOf(recording: Recording): Method {
  return METHODS[PATH.exec(recording.path)?.[4] ?? ''] as Method;
}

/** The body as the SDK would have been given it. Where it was lost, any question will do. */
function paramsOf({ body }: Recording): object {
  if (body === undefined) return { contents: 'lost' };
  const { generationConfig, contents, requests, content, ...config } = structuredClone(body) as Json;
  if (requests !== undefined) {
    const [{ outputDimensionality, taskType }] = requests;
    return { contents: requests.map((one: Json) => one.content), config: { outputDimensionality, taskType } };
  }
  const { systemInstruction, toolConfig } = config;
  // Two were recorded of a client in another language, whose tools are no list.
  const tools = Array.isArray(config.tools) ? config.tools : undefined;
  return {
    contents: content === undefined ? contents : [content],
    config: { ...generationConfig, systemInstruction, tools, toolConfig },
  };
}

const FINISH: Record<string, string> = { STOP: 'stop', MAX_TOKENS: 'length', MODEL_ARMOR: 'content_filter' };

/** What the answer says, read straight from the pair. */
function truthOf(recording: Recording): Truth | undefined {
  if (recording.status >= 400) return undefined;
  const pieces: Json[] = isEvents(recording.answer)
    ? eventsOf(recording.answer)
    : [JSON.parse(recording.answer)];
  const method = methodOf(recording);
  if (method === 'countTokens') return { texts: [], toolCalls: [], usage: {} };
  if (method === 'embedContent') {
    const [{ usageMetadata }] = pieces;
    const input = usageMetadata?.promptTokenCount;
    return { texts: [], toolCalls: [], usage: input === undefined ? {} : { input } };
  }
  const candidates = pieces.flatMap((piece) => piece.candidates ?? []);
  const parts = candidates.flatMap((candidate) => candidate.content?.parts ?? []);
  const reasons = candidates.map(({ finishReason }) => finishReason).filter(Boolean);
  const usage = Object.assign({}, ...pieces.map((piece) => piece.usageMetadata ?? {}));
  const { responseId: id, modelVersion: model } = Object.assign({}, ...pieces);
  return {
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    texts: [
      parts
        .filter((part) => typeof part.text === 'string' && part.thought !== true)
        .map(({ text }) => text)
        .join(''),
    ],
    toolCalls: parts
      .filter(({ functionCall }) => functionCall)
      .map(({ functionCall: { id: callId, name, args } }) => ({
        ...(callId === undefined ? {} : { id: callId }),
        name,
        arguments: args,
      })),
    ...(reasons.length === 0 ? {} : { finishReasons: reasons.map((word) => FINISH[word] ?? word) }),
    usage: counts({
      input: add(usage.promptTokenCount, usage.toolUsePromptTokenCount),
      output: add(usage.candidatesTokenCount, usage.thoughtsTokenCount),
      cacheRead: usage.cachedContentTokenCount,
      reasoning: usage.thoughtsTokenCount,
    }),
    others: parts
      .flatMap((part) => [part.executableCode?.code, part.codeExecutionResult?.output])
      .filter((text) => typeof text === 'string'),
  };
}

function add(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined && right === undefined ? undefined : (left ?? 0) + (right ?? 0);
}

function counts(usage: Record<string, number | undefined>): Truth['usage'] {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
}
