import { definition } from '../../instrumentations/mistral/instrumentation.js';
import { isEvents, type Recording } from './recordings.js';
import { RECORDING_HEADER } from './replay-server.js';
import { describeSdkCorpus } from './sdk-replay.js';
import { truthOf, type Truth } from './truth.js';

type Json = ReturnType<typeof JSON.parse>;
type Call = (params: object, options: object) => Promise<unknown>;
interface Sdk {
  Mistral: new (options: object) => Record<string, Record<string, Call>>;
}

const PATH = /^\/v1\/(?:(chat|agents|fim)\/completions|(embeddings))(#.*)?$/;

describeSdkCorpus({
  name: 'mistral',
  definition,
  entry: 'mistral2/esm/index.js',
  providers: ['mistral'],
  wanted: (_method, path) => PATH.test(path),
  atLeast: 45,
  pathOf: (recording) => recording.path.replace(/#.*$/, ''),
  call: ({ Mistral }: Sdk, recording, origin) => {
    const client = new Mistral({ apiKey: 'none', serverURL: origin });
    const resource = resourceOf(recording);
    const method = resource === 'embeddings' ? 'create' : isStreamed(recording) ? 'stream' : 'complete';
    const call = client[resource]?.[method] as Call;
    return Reflect.apply(call, client[resource], [
      paramsOf(recording),
      { headers: { [RECORDING_HEADER]: recording.id } },
    ]);
  },
  truthOf: mistralTruth,
  requestOf: ({ body = {} }) => ({
    'gen_ai.provider.name': 'mistral_ai',
    ...given('gen_ai.request.model', body['model']),
    ...given('gen_ai.agent.id', body['agent_id']),
    ...given('gen_ai.request.max_tokens', body['max_tokens']),
    ...given('gen_ai.request.temperature', body['temperature']),
    ...given('gen_ai.request.top_p', body['top_p']),
  }),
  textsOf: ({ body }) => {
    const { messages = [], prompt, suffix, input = [] } = (body ?? {}) as Json;
    const contents = messages.flatMap(({ content }: Json) => content ?? []);
    return [...contents, prompt, suffix, ...[input].flat()]
      .map((one: Json) => one?.text ?? one)
      .filter((text) => typeof text === 'string' && text !== '');
  },
});

function given(key: string, value: unknown): Record<string, unknown> {
  return value === undefined || value === null ? {} : { [key]: value };
}

function resourceOf(recording: Recording): string {
  const [, resource, embeddings] = PATH.exec(recording.path) ?? [];
  return resource ?? embeddings ?? '';
}

function isStreamed(recording: Recording): boolean {
  return recording.body?.['stream'] === true || isEvents(recording.answer);
}

/** The body in the SDK's spelling. Where it was lost, any question will do. */
function paramsOf({ body, path }: Recording): object {
  const lost = { model: 'unrecorded', messages: [{ role: 'user', content: 'lost' }], input: 'lost' };
  const known = body ?? lost;
  const { response_format: _format, input, tools, ...rest } = known as Json;
  return {
    ...(spelled(rest) as object),
    // Where the API takes a tool without a type for a function, the SDK wants to be told.
    ...(tools ? { tools: tools.map((tool: Json) => ({ type: 'function', ...tool })) } : {}),
    ...(path.includes('embeddings') ? { inputs: input } : {}),
  };
}

/** Schemas and arguments are the program's own. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()),
      key === 'parameters' || key === 'arguments' ? inner : spelled(inner),
    ]),
  );
}

/** The protocol is one that others speak as well, so its reader serves here too. */
function mistralTruth(recording: Recording): Truth | undefined {
  const isEmbedding = resourceOf(recording) === 'embeddings';
  const truth = truthOf(isEmbedding ? 'embeddings' : 'chat', recording);
  if (truth === undefined || isEvents(recording.answer)) return truth;
  const { id, usage } = JSON.parse(recording.answer);
  // Of cached tokens the provider has two names, and often sends one of them.
  const cacheRead = truth.usage.cacheRead ?? usage.num_cached_tokens;
  return { ...truth, id, usage: { ...truth.usage, ...(cacheRead === undefined ? {} : { cacheRead }) } };
}
