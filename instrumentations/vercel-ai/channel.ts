import { hasAppProvider } from '../../src/instrument/app-provider.js';
import { errorMessage, errorType } from '../../src/instrument/call-error.js';
import type { OpenCall } from '../../src/instrument/open-call.js';
import type { OpenSpan } from '../../src/instrument/open-span.js';
import { fieldsOf, listOf, textOf } from '../../src/instrument/read.js';
import { settle } from '../../src/instrument/settle.js';
import { suppressCalls } from '../../src/instrument/suppress.js';
import { startCall } from '../../src/instrument/trace-call.js';
import type { ChannelWatcher } from '../../src/instrument/tracing-channel.js';
import type { Failure } from '../../src/instrument/open-span.js';
import { anchorRun, chatMethod, endRun, endTool, failRun, startRun, startTool, type Run } from './run.js';
import { VALUE_METHODS } from './value-calls.js';

/** The channel on which major 7 tells of its work, with and without hooks, bundled or not. */
export const CHANNEL = 'ai:telemetry';

/** One piece of work. The package says `error` and `result` at its end, unless its telemetry options forbid it. */
interface ChannelMessage {
  type?: unknown;
  event?: unknown;
  result?: unknown;
  error?: unknown;
}
type Work = { run: Run } | { call: OpenCall } | { tool: OpenSpan; run: Run | undefined };
type Begun = ReturnType<ChannelWatcher['begin']>;

const works = new WeakMap<object, Work>();
/** The runs that are under way, by the id that the package gives each. Held by their messages. */
const runs = new Map<string, WeakRef<Run>>();
const MANY_RUNS = 1000;

export const channelWatcher: Pick<ChannelWatcher, 'begin' | 'end'> = {
  begin(message) {
    const { type, event } = message as ChannelMessage;
    if (typeof type !== 'string' || isTracedByItself()) return undefined;
    return BEGINNINGS[type]?.(message, fieldsOf(event));
  },
  end(message) {
    const work = works.get(message);
    const { result, error } = message as ChannelMessage;
    works.delete(message);
    if (work === undefined) return;
    if ('tool' in work) finishTool(work.tool, work.run, result, error);
    else if ('run' in work) finishRun(work.run, error);
    else if (error === undefined) settle(result, work.call);
    else work.call.failed(error);
  },
};

type Beginning = (message: object, event: Readonly<Record<string, unknown>>) => Begun;

const beginRun =
  (operation: string): Beginning =>
  (message, event) => {
    const run = startRun({ operation, options: event, model: event, telemetry: event });
    if (run === undefined) return undefined;
    works.set(message, { run });
    anchorRun(run, message);
    if (runs.size >= MANY_RUNS) for (const [id, ref] of runs) if (ref.deref() === undefined) runs.delete(id);
    if (typeof event['callId'] === 'string') runs.set(event['callId'], new WeakRef(run));
    return run.span.context;
  };

const beginChat: Beginning = (message, event) => {
  const run = runOf(event);
  return beginCall(message, event, chatMethod(run, event, run?.isStream ?? false));
};

const beginTool: Beginning = (message, event) => {
  const run = runOf(event);
  const { toolName, toolCallId, input } = fieldsOf(event['toolCall']);
  const tool = startTool(run, { name: textOf(toolName) ?? '', id: textOf(toolCallId), input });
  if (tool !== undefined) works.set(message, { tool, run });
  return tool?.context;
};

const beginValue =
  (operation: keyof typeof VALUE_METHODS): Beginning =>
  (message, event) =>
    beginCall(message, event, VALUE_METHODS[operation](event));

function beginCall(message: object, event: object, method: Parameters<typeof startCall>[0]): Begun {
  const call = startCall(method, undefined, [event]);
  if (call === undefined) return undefined;
  call.captureInput([event]);
  works.set(message, { call });
  return suppressCalls(call.context);
}

/** A step is no span: its call of the model and its tools are. */
const BEGINNINGS: Readonly<Record<string, Beginning>> = {
  generateText: beginRun('generateText'),
  streamText: beginRun('streamText'),
  languageModelCall: beginChat,
  executeTool: beginTool,
  embed: beginValue('embed'),
  embedMany: beginValue('embedMany'),
  rerank: beginValue('rerank'),
};

function runOf(event: Readonly<Record<string, unknown>>): Run | undefined {
  return runs.get(String(event['callId']))?.deref();
}

function finishRun(run: Run, error: unknown): void {
  for (const [id, ref] of runs) if (ref.deref() === run) runs.delete(id);
  if (error === undefined) endRun(run);
  else failRun(run, error);
}

/** A tool that throws is a result of the package's own, of type `tool-error`. */
function finishTool(tool: OpenSpan, run: Run | undefined, result: unknown, thrown: unknown): void {
  const output = fieldsOf(fieldsOf(result)['output']);
  const error = thrown ?? (output['type'] === 'tool-error' ? output['error'] : undefined);
  endTool(tool, run, output['output'], error === undefined ? undefined : failureOf(error));
}

function failureOf(error: unknown): Failure {
  return { type: errorType(error), message: errorMessage(error) };
}

/** True when major 7's own OpenTelemetry integration makes the same spans in the app's provider. */
export function isTracedByItself(): boolean {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: integrations } = globalThis as {
    AI_SDK_TELEMETRY_INTEGRATIONS?: unknown;
  };
  return integrations !== undefined && listOf(integrations).some(isTracing) && hasAppProvider();
}

function isTracing(integration: unknown): boolean {
  return fieldsOf(integration).constructor.name.endsWith('OpenTelemetry');
}
