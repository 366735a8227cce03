import type { Context } from '@opentelemetry/api';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { keepsInput } from '../../src/instrument/capture.js';
import { activeContext } from '../../src/instrument/context.js';
import type { OpenCall } from '../../src/instrument/open-call.js';
import { fieldsOf, textOf, type Fields } from '../../src/instrument/read.js';
import { startCall } from '../../src/instrument/trace-call.js';
import * as live from './live-turn.js';
import { generateInput, generateRequest } from './request.js';
import type { ModelConfig, ModelsResource } from './sdk-types.js';

/** One connection of a live session: its turns of the model are the calls. */
export interface LiveConnection {
  /** The program sent contents, results of tools, or a piece of what it says or shows. */
  sent(kind: SentKind, params: Fields): void;
  received(message: Fields): void;
  failed(error: unknown): void;
  /** The program closes the connection. */
  closing(): void;
  /** The connection is closed. */
  closed(event: Fields): void;
}

export type SentKind = 'contents' | 'tool responses' | 'realtime';

/** A turn of the model that is under way. Without a call when it is not traced. */
interface Turn {
  call: OpenCall | undefined;
  input: live.LiveInput;
  /** When the model had said everything, though it may still be speaking. */
  generatedAt: number | undefined;
  /** When the model asked for tools: it is done unless it goes on by itself. */
  calledToolsAt: number | undefined;
  isInterrupted: boolean;
}

/** `params` are those of `live.connect`, which the SDK may complete before the first turn. */
export function openLiveConnection(resource: unknown, params: Fields): LiveConnection {
  const context = activeContext();
  let sessionId: string | undefined;
  let pending = live.liveInput();
  let turn: Turn | undefined;

  const mapper: CallMapper = {
    request: () => {
      const config: ModelConfig & Fields = fieldsOf(params['config']);
      const settings = { ...fieldsOf(config['generationConfig']), ...config };
      const request = generateRequest(
        { model: params['model'], config: settings },
        resource as ModelsResource,
      );
      return { ...request, stream: true, conversationId: sessionId };
    },
    input: ([input]) => ({
      ...generateInput({ config: fieldsOf(params['config']) }),
      messages: live.liveMessages(input as live.LiveInput),
    }),
    response: () => ({}),
    output: () => ({}),
    reducer: live.createTurnReducer,
  };

  function begin(parent: Context): Turn {
    const input = pending;
    pending = live.liveInput();
    const method = { sdk: 'google-genai', mapper, clientOf: (client: unknown) => client };
    const call = startCall(method, resource, [input], parent);
    call?.captureInput([input]);
    call?.startStream();
    return { call, input, generatedAt: undefined, calledToolsAt: undefined, isInterrupted: false };
  }

  /** What was heard may come after the answer has begun, so the input is read again. */
  function close(ending: (call: OpenCall, turn: Turn) => void): void {
    const ended = turn;
    turn = undefined;
    if (ended?.call === undefined) return;
    if (ended.input.heard !== undefined) ended.call.captureInput([ended.input]);
    if (ended.calledToolsAt === undefined) ending(ended.call, ended);
    else ended.call.streamEnded(false, ended.calledToolsAt);
  }

  const complete = (): void =>
    close((call, { isInterrupted, generatedAt }) => call.streamEnded(isInterrupted, generatedAt));

  /** While the model speaks, what is sent is for its next turn. */
  function ask(): void {
    if (turn?.calledToolsAt !== undefined) complete();
    turn ??= begin(activeContext());
  }

  function hear(text: string): void {
    if (keepsInput()) live.addHeard(turn === undefined || turn.isInterrupted ? pending : turn.input, text);
  }

  return {
    sent(kind, message) {
      const { add, asks } = SENT[kind];
      if (keepsInput()) add(pending, message);
      if (asks(message)) ask();
    },
    received(message) {
      sessionId ??= textOf(fieldsOf(message['setupComplete'])['sessionId']);
      const content = fieldsOf(message['serverContent']);
      const heard = textOf(fieldsOf(content['inputTranscription'])['text']);
      if (heard !== undefined) hear(heard);
      if (isAnswer(message, content)) turn ??= begin(context);
      if (turn === undefined) return;
      mark(turn, message, content);
      if (isOfTurn(message, content)) turn.call?.chunk(message);
      if (content['turnComplete'] === true) complete();
    },
    failed: (error) => close((call) => call.failed(error)),
    closing: () => close((call) => call.streamClosed()),
    closed: ({ code, reason }) => {
      const message = textOf(reason) || 'The connection was closed in the middle of a turn';
      close((call) => call.failed(Object.assign(new Error(message), { code: String(code) })));
    },
  };
}

const SENT: Readonly<Record<SentKind, { add: typeof live.addContents; asks: (params: Fields) => boolean }>> =
  {
    contents: { add: live.addContents, asks: ({ turnComplete }) => turnComplete !== false },
    'tool responses': { add: live.addToolResponses, asks: () => true },
    // The end of what is said is for the provider to find, unless the program marks it.
    realtime: {
      add: live.addRealtime,
      asks: ({ text, activityEnd }) => text !== undefined || activityEnd !== undefined,
    },
  };

function isAnswer(message: Fields, content: Fields): boolean {
  return Boolean(content['modelTurn'] ?? content['outputTranscription'] ?? message['toolCall']);
}

/** Of the connection, and not of the turn, are notices and what was heard. */
function isOfTurn(message: Fields, content: Fields): boolean {
  const { interrupted, generationComplete, turnComplete } = content;
  return (
    isAnswer(message, content) ||
    message['usageMetadata'] !== undefined ||
    [interrupted, generationComplete, turnComplete].includes(true)
  );
}

function mark(turn: Turn, message: Fields, content: Fields): void {
  if (message['toolCall']) turn.calledToolsAt = performance.now();
  else if (isAnswer(message, content) || content['interrupted'] === true) turn.calledToolsAt = undefined;
  if (content['generationComplete'] === true) turn.generatedAt = performance.now();
  if (content['interrupted'] === true) turn.isInterrupted = true;
}
