import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject } from '../../semconv/model/json.js';
import { closeServer, listenOnLoopback } from './loopback.js';
import { answer, refusal, type Answered } from './llm/answer.js';
import { readRequest, type OpenRequest } from './llm/open-request.js';
import type { LlmServerOptions } from './llm-server-options.js';
import { createScript, type LlmRequest, type TakenTurn } from './script.js';

export interface LlmServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** For `OPENAI_BASE_URL`. */
  readonly openaiBaseUrl: string;
  /** For `ANTHROPIC_BASE_URL`. */
  readonly anthropicBaseUrl: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly LlmRequest[];
  /** Positions in the script that still have uses left. */
  unusedTurns(): number[];
  /** Ends open connections and stops. */
  close(): Promise<void>;
}

/**
 * Starts a loopback server that speaks the wire formats of the OpenAI and Anthropic APIs, streams included, and says what
 * a script tells it to. Ids and times depend on the script alone, so answers are the same in every run.
 *
 * @example
 * const llm = await startLlmServer({ script: [{ text: 'Hello!' }] });
 * const client = new OpenAI({ baseURL: llm.openaiBaseUrl, apiKey: 'any' });
 */
export async function startLlmServer(options: LlmServerOptions = {}): Promise<LlmServer> {
  const requests: OpenRequest[] = [];
  const turns = options.script ?? [];
  const take = createScript(turns);

  const unusedTurns = (): number[] =>
    turns.flatMap((turn, at) => (usesOf(requests, at) < (turn.times ?? 1) ? [at] : []));

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request: OpenRequest = { ...(await readRequest(incoming)), index: requests.length };
    requests.push(request);
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
      if (request.outcome === 'open') request.outcome = response.writableFinished ? 'finished' : 'aborted';
    });
    const taken = await choose(request);
    if (taken !== undefined && taken.fromScript) request.turn = taken.position;
    const context: Answered = { taken, left: unusedTurns(), options, signal: gone.signal };
    await answer(request, response, context);
  };

  /** Requests that are turned away, and lists, need no turn. */
  const choose = async (request: LlmRequest): Promise<(TakenTurn & { fromScript: boolean }) | undefined> => {
    if (refusal(request, options) || request.endpoint?.endsWith('.models')) return undefined;
    const found = take(request);
    if (found !== undefined) return { ...found, fromScript: true };
    const turn = await options.respond?.(request);
    return turn && { turn, position: turns.length + request.index, use: 0, fromScript: false };
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => fail(response, error));
  });
  const url = await listenOnLoopback(server, options.port);
  if (options.unref === true) {
    server.unref();
    server.on('connection', (socket) => socket.unref());
  }
  return {
    url,
    openaiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    requests,
    unusedTurns,
    close: () => closeServer(server),
  };
}

function usesOf(requests: readonly LlmRequest[], position: number): number {
  return requests.filter((request) => request.turn === position).length;
}

/** A predicate or `respond` of the test threw: say so, in a shape that both SDKs can show. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const message = `The LLM script failed: ${error instanceof Error ? error.message : String(error)}`;
  const body: JsonObject = { type: 'error', error: { type: 'api_error', message } };
  response.writeHead(500, { 'content-type': 'application/json', 'x-should-retry': 'false' });
  response.end(JSON.stringify(body));
}
