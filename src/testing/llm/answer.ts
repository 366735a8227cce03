import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { LlmServerOptions } from '../llm-server-options.js';
import type { Fault, LlmEndpoint, TakenTurn, Turn } from '../script.js';
import { anthropicComplete } from './anthropic-complete.js';
import { anthropicCountTokens, anthropicMessages } from './anthropic-messages.js';
import { anthropicModels, openaiModels } from './models.js';
import { openaiChat } from './openai-chat.js';
import { openaiCompletions } from './openai-completions.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { openaiResponses } from './openai-responses.js';
import type { OpenRequest } from './open-request.js';
import { createIds, type Endpoint, type ReplyContext } from './reply.js';
import { sendError, sendFrames, sendJson, sendRaw, type Sender } from './send.js';

export interface Answered {
  readonly taken: TakenTurn | undefined;
  /** Positions in the script that still have uses left. */
  readonly left: readonly number[];
  readonly options: LlmServerOptions;
  /** Fires when the connection is gone. */
  readonly signal: AbortSignal;
}

const ENDPOINTS: Readonly<Partial<Record<LlmEndpoint, Endpoint>>> = {
  'openai.chat': openaiChat,
  'openai.responses': openaiResponses,
  'openai.completions': openaiCompletions,
  'openai.embeddings': openaiEmbeddings,
  'anthropic.messages': anthropicMessages,
  'anthropic.count_tokens': anthropicCountTokens,
  'anthropic.complete': anthropicComplete,
};
const FIRST_ANSWER = 1_767_225_600;

/** Sends the answer to one request. */
export async function answer(
  request: OpenRequest,
  response: ServerResponse,
  context: Answered,
): Promise<void> {
  const { taken, options } = context;
  const id = createIds(
    `${options.seed ?? 'spoor'}:${taken ? `${taken.position}:${taken.use}` : `r${request.index}`}`,
  );
  const sender: Sender = { request, response, requestId: id('req_01', 22), signal: context.signal };
  const refused = refusal(request, options);
  if (refused) return sendError(sender, refused.status, refused);
  const created = (options.createdAt ?? FIRST_ANSWER) + (taken?.position ?? 0);
  const models = options.models ?? {};
  if (request.endpoint === 'openai.models')
    return sendJson(sender, openaiModels(Object.keys(models), created));
  if (request.endpoint === 'anthropic.models') {
    return sendJson(sender, anthropicModels(Object.keys(models), created));
  }
  if (taken === undefined) return sendError(sender, 500, { message: missing(request, context) }, false);
  const asked = request.model ?? 'unnamed';
  const model = taken.turn.model ?? models[asked] ?? asked;
  await sendTurn(sender, taken.turn, { body: request.body, model, created, id });
}

/** Why a request is turned away before any turn is looked for. */
export function refusal(
  request: OpenRequest,
  options: LlmServerOptions,
): (Fault & { status: number }) | undefined {
  const key = request.headers['x-api-key'] ?? request.headers['authorization']?.replace(/^Bearer /, '');
  if (options.apiKey !== undefined && key !== options.apiKey) return { status: 401 };
  if (request.endpoint !== undefined) return undefined;
  return {
    status: 404,
    code: 'unknown_url',
    message: `Invalid URL (${request.method} ${request.path.split('?')[0]})`,
  };
}

function missing(request: OpenRequest, { options, left }: Answered): string {
  const what = `request ${request.index + 1}, ${request.endpoint} (model ${request.model ?? 'unnamed'})`;
  const length = options.script?.length ?? 0;
  if (length === 0) return `The LLM server has no script and no answer for ${what}.`;
  return left.length === 0
    ? `The LLM script has run out after turn ${length}: nothing is left for ${what}.`
    : `No turn of the LLM script fits ${what}: turns ${left.map((at) => at + 1).join(', ')} are left, for other requests.`;
}

async function sendTurn(sender: Sender, turn: Turn, context: ReplyContext): Promise<void> {
  const { request } = sender;
  const fault = turn.fault ?? {};
  if (fault.delayMs) await wait(fault.delayMs, undefined, { signal: sender.signal }).catch(() => undefined);
  if (fault.hang) return;
  if (turn.raw) return sendRaw(sender, turn.raw);
  if (fault.status !== undefined && fault.errorAfterChunks === undefined) {
    return sendError(sender, fault.status, fault);
  }
  const endpoint = ENDPOINTS[request.endpoint ?? 'openai.chat'];
  if (endpoint === undefined) return;
  if (fault.withoutChoices) {
    const message = fault.message ?? 'Provider returned error';
    return sendJson(sender, { error: { message, code: 502 } }, fault);
  }
  if (request.stream && endpoint.frames)
    return sendFrames(sender, endpoint.frames(turn, context), fault, endpoint.lineEnd);
  sendJson(sender, endpoint.json(turn, context), fault);
}
