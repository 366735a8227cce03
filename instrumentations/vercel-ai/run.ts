import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
} from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
  ATTR_SPOOR_OBSERVATION_TYPE,
} from '../../semconv/spoor-attributes.js';
import {
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../semconv/values.js';
import { errorMessage, errorType, isAbort } from '../../src/instrument/call-error.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { addValue } from '../../src/instrument/capture.js';
import type { CallEnding } from '../../src/instrument/open-call.js';
import { anchorCall } from '../../src/instrument/open-calls.js';
import { startOpenSpan, type Failure, type OpenSpan } from '../../src/instrument/open-span.js';
import { fieldsOf, textOf } from '../../src/instrument/read.js';
import type { CallOutput, StreamReducer } from '../../src/instrument/records.js';
import type { TracedMethod } from '../../src/instrument/trace-call.js';
import { providerName } from './provider.js';
import { lastQuestion, readChatInput, readChatRequest } from './request.js';
import { readOutput, readResult, textOfOutput } from './response.js';
import { createStreamReducer } from './stream.js';
import type { FunctionOptions, Model, TelemetrySettings } from './sdk-types.js';

export const SDK = 'vercel-ai';
type Policy = OpenSpan['policy'];
type Attributes = Parameters<OpenSpan['set']>[0];

/** What one call of `generateText` or its like is, before anything of it has happened. */
export interface RunStart {
  /** `generateText`, `streamText`, `generateObject`, `streamObject`. */
  operation: string;
  /** The function's options, or the event that is published of them. */
  options: FunctionOptions;
  model: Model;
  telemetry: TelemetrySettings;
  /** The name of an agent that makes the call. */
  agent?: string | undefined;
}

/** One call of `generateText` or its like: the span around the model's calls and the tools. */
export interface Run {
  readonly span: OpenSpan;
  readonly isStream: boolean;
  readonly telemetry: TelemetrySettings;
  /** Text of the newest answer, where content is kept. */
  text: string | undefined;
  /** How the newest call of the model ended. */
  last: CallEnding | undefined;
  signal: AbortSignal | undefined;
}

/** Content that the program's telemetry options leave. They can only take away from the content policy. */
export function narrow({ recordInputs, recordOutputs }: TelemetrySettings, policy: Policy): Policy {
  const [inputs, outputs] = [recordInputs !== false, recordOutputs !== false];
  if (inputs && outputs) return policy;
  return {
    ...policy,
    input: policy.input && inputs,
    system: policy.system && inputs,
    tools: policy.tools && inputs,
    output: policy.output && outputs,
    toolArguments: policy.toolArguments && inputs && outputs,
  };
}

/** Name and attributes that a run starts with. Text functions with tools or a name are agents, the others chains. */
function identity({ operation, options, model, telemetry, agent }: RunStart): {
  name: string;
  attributes: Attributes;
} {
  const name = textOf(telemetry.functionId) ?? agent;
  const isText = operation === 'generateText' || operation === 'streamText';
  const isAgent = isText && (name !== undefined || Object.keys(fieldsOf(options.tools)).length > 0);
  const attributes: Attributes = {
    [ATTR_SPOOR_OBSERVATION_TYPE]: isAgent ? 'AGENT' : 'CHAIN',
    [ATTR_GEN_AI_PROVIDER_NAME]: providerName(model.provider),
    ...metadata(telemetry.metadata),
  };
  const modelId = textOf(model.modelId);
  if (modelId !== undefined) attributes[ATTR_GEN_AI_REQUEST_MODEL] = modelId;
  if (isAgent) attributes[ATTR_GEN_AI_OPERATION_NAME] = GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT;
  if (isAgent && name !== undefined) attributes[ATTR_GEN_AI_AGENT_NAME] = name;
  const words = isAgent ? [GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name] : [name ?? operation];
  return { name: words.filter(Boolean).join(' '), attributes };
}

/** Starts the span of a run. */
export function startRun(start: RunStart): Run | undefined {
  const { operation, options, telemetry } = start;
  const span = startOpenSpan({ sdk: SDK, ...identity(start) });
  if (span === undefined) return undefined;
  const policy = narrow(telemetry, span.policy);
  if (policy.input && (policy.roles === undefined || policy.roles.includes('user'))) {
    const input: Attributes = {};
    addValue(input, ATTR_SPOOR_OBSERVATION_INPUT, lastQuestion(fieldsOf(options)), policy);
    span.set(input);
  }
  const signal = options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
  const isStream = operation.startsWith('stream');
  return { span, isStream, telemetry, text: undefined, last: undefined, signal };
}

/** What the program wants to find on its spans. */
function metadata(values: unknown): Attributes {
  const attributes: Attributes = {};
  for (const [key, value] of Object.entries(fieldsOf(values))) {
    if (['string', 'number', 'boolean'].includes(typeof value))
      attributes[`${ATTR_SPOOR_OBSERVATION_METADATA}.${key}`] = value as string;
  }
  return attributes;
}

/** Ends the span of a run: as the newest call of the model did, when that was not well. */
export function endRun(run: Run, failure?: Failure): void {
  const { span, text, last, telemetry } = run;
  const policy = narrow(telemetry, span.policy);
  const attributes: Attributes = {};
  if (policy.output) addValue(attributes, ATTR_SPOOR_OBSERVATION_OUTPUT, text, policy);
  // The package's own error may only say that there is no answer; the model's says why.
  const cause = last?.failure ?? failure;
  if (last?.outcome === 'cancelled' || run.signal?.aborted === true) span.end(attributes, 'cancelled');
  else if (cause !== undefined) endFailed(run, span, cause, attributes);
  else span.end(attributes);
}

function endFailed(run: Run, span: OpenSpan, { type, message }: Failure, attributes: Attributes): void {
  const mayQuote = narrow(run.telemetry, span.policy).input;
  span.endFailed(mayQuote ? { type, message } : { type }, attributes);
}

/** Ends the span of a run that failed, or was called off, with `error`. */
export function failRun(run: Run, error: unknown): void {
  const failure = { type: errorType(error), message: errorMessage(error) };
  if (!isAbort(error)) endRun(run, failure);
  else endSoon(run, { outcome: 'cancelled' });
}

/** Gives the run up when `anchor` is collected: the program has dropped it, and nobody will end it. */
export function anchorRun(run: Run, anchor: object): void {
  anchorCall(anchor, run.span);
}

/** How the kit traces the calls of the model in a run. Outside any run there are calls too. */
export function chatMethod(
  run: Run | undefined,
  telemetry: TelemetrySettings,
  isStream: boolean,
): TracedMethod {
  let stream: StreamReducer | undefined;
  const keep = <T extends CallOutput>(output: T): T => {
    if (run !== undefined) run.text = textOfOutput(output);
    return output;
  };
  const mapper: CallMapper = {
    request: (args, model) => readChatRequest(fieldsOf(args[0]), fieldsOf(model), isStream),
    input: (args) => readChatInput(fieldsOf(args[0])),
    response: (value) => readResult(fieldsOf(value)),
    output: (value) => keep(readOutput(fieldsOf(value))),
    reducer: (keepContent) => {
      const reducer = createStreamReducer(keepContent);
      stream = reducer;
      return {
        add: (chunk) => {
          if (run !== undefined) run.span.chunkCount += 1;
          reducer.add(chunk);
        },
        response: () => reducer.response(),
        output: () => keep(reducer.output()),
        get finished() {
          return reducer.finished;
        },
      };
    },
    // An answer that is no stream is taken as it is.
    streamOf: (value) => (isStream ? (fieldsOf(value)['stream'] ?? value) : value),
  };
  return {
    sdk: SDK,
    label: isStream ? 'doStream' : 'doGenerate',
    mapper,
    clientOf: (model) => model,
    coversInner: true,
    narrow: (policy) => narrow(telemetry, policy),
    ...(run === undefined ? {} : { onEnd: (ending: CallEnding) => callEnded(run, ending, stream) }),
  };
}

function callEnded(run: Run, ending: CallEnding, stream: StreamReducer | undefined): void {
  run.last = ending;
  run.span.chunkCount += 1;
  // The package tells of an error that is a part of the stream, and of a call that it made again. When the stream itself
  // breaks, or its reader goes away, it tells nobody.
  const isBroken =
    ending.outcome === 'failed' && stream !== undefined && stream.response().error === undefined;
  if (run.isStream && (isBroken || ending.outcome === 'cancelled')) endSoon(run, ending);
}

/** Ends the run unless the package does so now, which knows better. */
function endSoon(run: Run, ending: CallEnding): void {
  run.last = ending;
  setImmediate(() => endRun(run));
}

/** What is known of one execution of a tool. */
export interface ToolStart {
  name: string;
  id: string | undefined;
  input?: unknown;
}

/** Starts the span of a tool, in the run or, without one, in the active context. */
export function startTool(run: Run | undefined, tool: ToolStart): OpenSpan | undefined {
  const attributes: Attributes = {
    [ATTR_SPOOR_OBSERVATION_TYPE]: 'TOOL',
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
    [ATTR_GEN_AI_TOOL_NAME]: tool.name,
    [ATTR_GEN_AI_TOOL_TYPE]: 'function',
  };
  if (tool.id !== undefined) attributes[ATTR_GEN_AI_TOOL_CALL_ID] = tool.id;
  const span = startOpenSpan({
    sdk: SDK,
    name: `${GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL} ${tool.name}`,
    attributes,
    ...(run === undefined ? {} : { parent: run.span.context }),
  });
  if (span !== undefined) setToolValue(span, run, ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, tool.input);
  return span;
}

/** Ends the span of a tool. */
export function endTool(span: OpenSpan, run: Run | undefined, result: unknown, failure?: Failure): void {
  if (run !== undefined) run.span.chunkCount += 1;
  if (failure === undefined) {
    setToolValue(span, run, ATTR_GEN_AI_TOOL_CALL_RESULT, result);
    span.end();
  } else {
    const mayQuote = narrow(run?.telemetry ?? {}, span.policy).toolArguments;
    span.endFailed(mayQuote ? failure : { type: failure.type });
  }
}

function setToolValue(span: OpenSpan, run: Run | undefined, key: string, value: unknown): void {
  const policy = narrow(run?.telemetry ?? {}, span.policy);
  if (!policy.toolArguments) return;
  const attributes: Attributes = {};
  addValue(attributes, key, value, policy);
  span.set(attributes);
}
