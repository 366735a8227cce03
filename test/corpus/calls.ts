import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { isEvents, type Recording } from './recordings.js';
import { RECORDING_HEADER } from './replay-server.js';

/** How the program asks for a recorded answer: the plain call, or for a stream also the SDK's helper that gathers it. */
export type Form = 'plain' | 'helper';

/** What one endpoint is called by. */
export interface Endpoint {
  /** Shown in the counts. */
  name: string;
  /** `resource.method` of the SDK, for looking up whether it is instrumented; absent for requests made by path. */
  method?: string;
  /** What the truth reader for its answers is called. */
  shape?: 'chat' | 'responses' | 'completions' | 'embeddings' | 'messages' | 'complete';
  call(client: never, recording: Recording, form: Form): unknown;
  hasHelper?: boolean;
}

type Body = Record<string, unknown>;

/** What both SDKs let a program send by path. */
interface PathClient {
  get(path: string, options: object): unknown;
  post(path: string, options: object): unknown;
  delete(path: string, options: object): unknown;
}

function options(recording: Recording): {
  headers: Record<string, string>;
  maxRetries: number;
  timeout: number;
} {
  return { headers: { [RECORDING_HEADER]: recording.id }, maxRetries: 0, timeout: 30_000 };
}

/** The body as recorded. Where it was lost, one that makes the SDK expect an answer of the recorded kind. */
export function bodyOf(recording: Recording): Body {
  if (recording.body) return structuredClone(recording.body);
  return {
    model: 'unrecorded',
    max_tokens: 16,
    messages: [],
    input: '',
    ...(isEvents(recording.answer) ? { stream: true } : {}),
  };
}

/** `stream` is what a helper sets by itself. */
function helperBody(recording: Recording): Body {
  const { stream: _stream, ...body } = bodyOf(recording);
  return body;
}

type OpenAiMethod = (client: OpenAI, recording: Recording, form: Form) => unknown;

function openAi(endpoint: Omit<Endpoint, 'call'>, call: OpenAiMethod): Endpoint {
  return { ...endpoint, call };
}

const FILE_NAME = 'sample.bin';
function sampleFile(): File {
  return new File([new Uint8Array([1, 2, 3])], FILE_NAME);
}

/** By the end of the path: the same API is served under many prefixes. The first that fits is used. */
const OPENAI_ENDPOINTS: readonly (readonly [method: string, path: RegExp, endpoint: Endpoint])[] = [
  [
    'POST',
    /\/chat\/completions$/,
    openAi(
      { name: 'chat/completions', method: 'chat.completions.create', shape: 'chat', hasHelper: true },
      (client, recording, form) =>
        form === 'helper'
          ? client.chat.completions
              .stream(helperBody(recording) as never, options(recording))
              .finalChatCompletion()
          : client.chat.completions.create(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/responses$/,
    openAi(
      { name: 'responses', method: 'responses.create', shape: 'responses', hasHelper: true },
      (client, recording, form) =>
        form === 'helper'
          ? client.responses.stream(helperBody(recording) as never, options(recording)).finalResponse()
          : client.responses.create(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/responses\/compact$/,
    openAi({ name: 'responses/compact', method: 'responses.compact' }, (client, recording) =>
      client.responses.compact(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'GET',
    /\/responses\/[^/]+$/,
    openAi({ name: 'responses/{id}', method: 'responses.retrieve' }, (client, recording) =>
      client.responses.retrieve(lastSegment(recording), {}, options(recording)),
    ),
  ],
  [
    'POST',
    /\/completions$/,
    openAi({ name: 'completions', method: 'completions.create', shape: 'completions' }, (client, recording) =>
      client.completions.create(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/embeddings$/,
    openAi({ name: 'embeddings', method: 'embeddings.create', shape: 'embeddings' }, (client, recording) =>
      client.embeddings.create(embeddingsBody(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/moderations$/,
    openAi({ name: 'moderations', method: 'moderations.create' }, (client, recording) =>
      client.moderations.create(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/images\/generations$/,
    openAi({ name: 'images/generations', method: 'images.generate' }, (client, recording) =>
      client.images.generate(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/images\/edits$/,
    openAi({ name: 'images/edits', method: 'images.edit' }, (client, recording) =>
      client.images.edit({ image: sampleFile(), prompt: 'a dune' }, options(recording)),
    ),
  ],
  [
    'POST',
    /\/images\/variations$/,
    openAi({ name: 'images/variations', method: 'images.createVariation' }, (client, recording) =>
      client.images.createVariation({ image: sampleFile() }, options(recording)),
    ),
  ],
  [
    'POST',
    /\/audio\/transcriptions$/,
    openAi({ name: 'audio/transcriptions', method: 'audio.transcriptions.create' }, (client, recording) =>
      client.audio.transcriptions.create({ file: sampleFile(), model: 'whisper-1' }, options(recording)),
    ),
  ],
  [
    'POST',
    /\/audio\/translations$/,
    openAi({ name: 'audio/translations', method: 'audio.translations.create' }, (client, recording) =>
      client.audio.translations.create({ file: sampleFile(), model: 'whisper-1' }, options(recording)),
    ),
  ],
];

type AnthropicMethod = (client: Anthropic, recording: Recording, form: Form) => unknown;

function anthropic(endpoint: Omit<Endpoint, 'call'>, call: AnthropicMethod): Endpoint {
  return { ...endpoint, call };
}

const ANTHROPIC_ENDPOINTS: readonly (readonly [method: string, path: RegExp, endpoint: Endpoint])[] = [
  [
    'POST',
    /\/messages\?beta=true$/,
    anthropic(
      { name: 'beta messages', method: 'beta.messages.create', shape: 'messages', hasHelper: true },
      (client, recording, form) =>
        form === 'helper'
          ? client.beta.messages.stream(helperBody(recording) as never, options(recording)).finalMessage()
          : client.beta.messages.create(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/messages$/,
    anthropic(
      { name: 'messages', method: 'messages.create', shape: 'messages', hasHelper: true },
      (client, recording, form) =>
        form === 'helper'
          ? client.messages.stream(helperBody(recording) as never, options(recording)).finalMessage()
          : client.messages.create(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/messages\/count_tokens\?beta=true$/,
    anthropic({ name: 'beta count_tokens', method: 'beta.messages.countTokens' }, (client, recording) =>
      client.beta.messages.countTokens(bodyOf(recording) as never, options(recording)),
    ),
  ],
  [
    'POST',
    /\/messages\/count_tokens$/,
    anthropic({ name: 'count_tokens', method: 'messages.countTokens' }, (client, recording) =>
      client.messages.countTokens(bodyOf(recording) as never, options(recording)),
    ),
  ],
];

/** The endpoint of a recording; a request by path when the SDK has no method of its own for it. */
export function endpointOf(sdk: 'openai' | 'anthropic', recording: Recording): Endpoint {
  const path = sdk === 'openai' ? pathOf(recording) : recording.path;
  const table = sdk === 'openai' ? OPENAI_ENDPOINTS : ANTHROPIC_ENDPOINTS;
  const found = table.find(([method, pattern]) => method === recording.method && pattern.test(path));
  return found?.[2] ?? BY_PATH;
}

/** Nothing of it is instrumented: it must pass through all the same. */
const BY_PATH: Endpoint = {
  name: 'other paths',
  call: (client: PathClient, recording: Recording) => {
    const method = recording.method.toLowerCase() as 'get' | 'post' | 'delete';
    const stream = recording.body?.['stream'] === true ? { stream: true } : {};
    const body = recording.body ? { body: recording.body } : {};
    return client[method](recording.path, { ...body, ...stream, ...options(recording) });
  },
};

/** The path without the query, and without marks that recorders put behind it. */
function pathOf(recording: Recording): string {
  return recording.path.replace(/[?#].*$/, '');
}

/** What stands before the part of the path that the SDK adds. */
export function prefixOf(sdk: 'openai' | 'anthropic', recording: Recording): string {
  if (sdk === 'anthropic') return '';
  const found = OPENAI_ENDPOINTS.find(([, pattern]) => pattern.test(pathOf(recording)));
  return found ? pathOf(recording).replace(found[1], '') : '';
}

function lastSegment(recording: Recording): string {
  return pathOf(recording).split('/').at(-1) ?? '';
}

/** Unasked, the SDK expects base64 and decodes it: say what the recorded answer has. */
function embeddingsBody(recording: Recording): Body {
  const body = bodyOf(recording);
  if (body['encoding_format'] !== undefined || !/"embedding":\s*\[/.test(recording.answer)) return body;
  return { ...body, encoding_format: 'float' };
}
