import { ATTR_GEN_AI_AGENT_ID, ATTR_GEN_AI_AGENT_NAME } from '../../semconv/attributes.js';
import type { Message, MessagePart } from '../../semconv/model/message.js';
import * as values from '../../semconv/values.js';
import { fieldsOf, listOf, numberOf, parsedOrText, textOf, type Fields } from '../../src/instrument/read.js';
import type {
  CallInput,
  CallOutput,
  CallRequest,
  CallResponse,
  ReportedUsage,
} from '../../src/instrument/records.js';
import { chatMessage, chatTools } from './chat-messages.js';
import { outputType, request } from './request.js';
import { chatUsage, errorOf } from './response.js';

/** Runs of assistants to canonical records. A run is an agent that the provider runs; the thread is the conversation. */

/** What the arguments of a call say, wherever the version has them. */
interface RunArguments {
  threadId: string | undefined;
  runId: string | undefined;
  body: Fields;
}
type ReadArguments = (args: readonly unknown[]) => RunArguments;

/** `runs.create(thread, body)` */
export const ofThread: ReadArguments = ([threadId, body]) => ({
  threadId: textOf(threadId),
  runId: undefined,
  body: fieldsOf(body),
});

/** `threads.createAndRun(body)` */
export const ofNewThread: ReadArguments = ([body]) => ({
  threadId: undefined,
  runId: undefined,
  body: fieldsOf(body),
});

/** `runs.submitToolOutputs(run, body)`, before version 5 `(thread, run, body)` */
export const ofRun: ReadArguments = ([first, second, third]) => {
  const isOlder = typeof second === 'string';
  const body = fieldsOf(isOlder ? third : second);
  return {
    threadId: textOf(isOlder ? first : body['thread_id']),
    runId: textOf(isOlder ? second : first),
    body,
  };
};

/** `beta.assistants.create` */
export function assistantRequest(args: readonly unknown[], client: unknown): CallRequest {
  const body = fieldsOf(args[0]);
  const name = textOf(body['name']);
  const call = request(body, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT,
    apiType: 'assistants',
    parameters: { temperature: numberOf(body['temperature']), topP: numberOf(body['top_p']) },
    outputType: outputType(body['response_format']),
  });
  const providerAttributes = { ...call.providerAttributes, [ATTR_GEN_AI_AGENT_NAME]: name };
  return { ...call, target: name ?? '', providerAttributes };
}

export function assistantInput(args: readonly unknown[]): CallInput {
  return runInput(ofNewThread(args));
}

export function assistantResponse(value: unknown): CallResponse {
  const assistant = fieldsOf(value);
  return {
    model: textOf(assistant['model']),
    error: errorOf(assistant['error']),
    providerAttributes: { [ATTR_GEN_AI_AGENT_ID]: textOf(assistant['id']) },
  };
}

export function runRequest(args: RunArguments, client: unknown): CallRequest {
  const { body, threadId } = args;
  const call = request(body, client, {
    operation: values.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
    apiType: 'assistants',
    parameters: {
      temperature: numberOf(body['temperature']),
      topP: numberOf(body['top_p']),
      maxTokens: numberOf(body['max_completion_tokens']),
      reasoningLevel: textOf(body['reasoning_effort']),
    },
    outputType: outputType(body['response_format']),
    conversationId: threadId,
  });
  return {
    ...call,
    // An agent's span is named after the agent, of whom the request has no name.
    target: '',
    providerAttributes: {
      ...call.providerAttributes,
      [ATTR_GEN_AI_AGENT_ID]: textOf(body['assistant_id']),
    },
  };
}

export function runInput({ body }: RunArguments): CallInput {
  const instructions = [body['instructions'], body['additional_instructions']].flatMap(
    (text) => textOf(text) ?? [],
  );
  const messages = [...listOf(fieldsOf(body['thread'])['messages']), ...listOf(body['additional_messages'])];
  return {
    systemInstructions: instructions.map((content) => ({ type: 'text', content })),
    messages: [...messages.map(threadMessage), ...toolOutputs(body['tool_outputs'])],
    toolDefinitions: chatTools(body['tools']),
  };
}

function toolOutputs(value: unknown): Message[] {
  return listOf(value).map((item) => {
    const { tool_call_id: id, output } = fieldsOf(item);
    const response = parsedOrText(textOf(output) ?? '');
    return { role: 'tool', parts: [{ type: 'tool_call_response', id: textOf(id) ?? null, response }] };
  });
}

/** A message of a thread: its text is an object, and its images are files that the provider keeps. */
export function threadMessage(value: unknown): Message {
  const message = fieldsOf(value);
  const content = message['content'];
  if (!Array.isArray(content)) return chatMessage(message);
  return { role: textOf(message['role']) ?? 'user', parts: content.flatMap(threadPart) };
}

function threadPart(value: unknown): MessagePart[] {
  const part = fieldsOf(value);
  const text = part['text'];
  if (part['type'] === 'text')
    return [{ type: 'text', content: textOf(fieldsOf(text)['value']) ?? textOf(text) ?? '' }];
  const id = textOf(fieldsOf(part['image_file'])['file_id']);
  if (id !== undefined) return [{ type: 'file', modality: 'image', file_id: id }];
  return chatMessage({ role: 'user', content: [value] }).parts;
}

/** A run says how far it has come. Asked for without waiting for its end it has only begun, and has no usage yet. */
export function runResponse(value: unknown): CallResponse {
  const run = fieldsOf(value);
  const status = textOf(run['status']);
  const why = textOf(fieldsOf(run['incomplete_details'])['reason']);
  return {
    id: textOf(run['id']),
    model: textOf(run['model']),
    status,
    finishReasons: why === undefined ? undefined : [why],
    conversationId: textOf(run['thread_id']),
    usage: runUsage(run['usage']),
    error: runError(run, status),
    providerAttributes: { [ATTR_GEN_AI_AGENT_ID]: textOf(run['assistant_id']) },
  };
}

function runUsage(value: unknown): ReportedUsage | undefined {
  const usage = chatUsage(value);
  // Here the details have a name of their own.
  const cached = numberOf(fieldsOf(fieldsOf(value)['prompt_token_details'])['cached_tokens']);
  return usage === undefined || cached === undefined ? usage : { ...usage, cacheReadTokens: cached };
}

function runError(run: Fields, status: string | undefined): CallResponse['error'] {
  if (status === 'failed') return errorOf(run['last_error']) ?? { type: status };
  return status === 'expired' ? { type: status } : undefined;
}

/** The tools that a run asks for. What it said is in the thread, which only a stream brings along. */
export function runOutput(value: unknown): CallOutput {
  const action = fieldsOf(fieldsOf(value)['required_action']);
  const calls = listOf(fieldsOf(action['submit_tool_outputs'])['tool_calls']);
  return calls.length === 0
    ? {}
    : { messages: [chatMessage({ role: 'assistant', content: null, tool_calls: calls })] };
}
