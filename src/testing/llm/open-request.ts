import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { LlmEndpoint, LlmRequest } from '../script.js';
import { parseJsonObject } from './json-object.js';
import type { Provider } from './provider-error.js';

/** A request while it is being answered. */
export type OpenRequest = { -readonly [Key in keyof LlmRequest]: LlmRequest[Key] };

/** Paths end the same on the provider's own host, behind a gateway and in Azure deployments. */
const ENDPOINTS: readonly (readonly [suffix: string, endpoint: LlmEndpoint])[] = [
  ['/chat/completions', 'openai.chat'],
  ['/responses', 'openai.responses'],
  ['/completions', 'openai.completions'],
  ['/embeddings', 'openai.embeddings'],
  ['/v1/messages', 'anthropic.messages'],
  ['/v1/messages/count_tokens', 'anthropic.count_tokens'],
  ['/v1/complete', 'anthropic.complete'],
];

/** Reads a request to its end. A body that is not JSON counts as empty. */
export async function readRequest(incoming: IncomingMessage): Promise<Omit<OpenRequest, 'index'>> {
  const body = parseJsonObject(await text(incoming)) ?? {};
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([key, value]) => [key, String(value)]),
  );
  const path = incoming.url ?? '/';
  const endpoint = endpointOf(incoming.method ?? 'GET', path.split('?')[0] ?? '/', headers);
  return {
    method: incoming.method ?? 'GET',
    path,
    headers,
    body,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(typeof body['model'] === 'string' ? { model: body['model'] } : {}),
    stream: body['stream'] === true,
    framesSent: 0,
    outcome: 'open',
  };
}

function endpointOf(method: string, path: string, headers: Record<string, string>): LlmEndpoint | undefined {
  if (method === 'GET' && path.endsWith('/models')) {
    return 'anthropic-version' in headers ? 'anthropic.models' : 'openai.models';
  }
  return method === 'POST' ? ENDPOINTS.find(([suffix]) => path.endsWith(suffix))?.[1] : undefined;
}

/** Whose format to speak: by the endpoint, else by the headers. */
export function providerOf(request: LlmRequest): Provider {
  if (request.endpoint !== undefined)
    return request.endpoint.startsWith('anthropic') ? 'anthropic' : 'openai';
  return 'anthropic-version' in request.headers ? 'anthropic' : 'openai';
}
