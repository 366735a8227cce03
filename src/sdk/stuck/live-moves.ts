import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
} from '../../../semconv/attributes.js';
import {
  ATTR_SPOOR_COST_TOTAL,
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_STEP_ACTION,
  ATTR_SPOOR_STEP_GOAL,
  ATTR_SPOOR_STEP_NAME,
  ATTR_SPOOR_STEP_PROGRESS,
  ATTR_SPOOR_STEP_STATE,
  ATTR_SPOOR_STEP_STATE_KEY,
} from '../../../semconv/spoor-attributes.js';
import { canonicalText } from '../../shared/stuck/canonical-text.js';
import { callForms, type CallForms, stepForms } from '../../shared/stuck/move-forms.js';
import type { StuckMove } from '../../shared/stuck/stuck-move.js';
import { hashText } from '../../shared/stuck/text-hash.js';

/** A call of a model or a tool that has ended. */
export interface LiveCall {
  readonly move: StuckMove;
  /** False for a model's call that asks for tools: those are the moves. */
  readonly isMove: boolean;
  /** Of a tool. */
  readonly forms: CallForms | undefined;
}

const LONGEST_LABEL = 120;
const LONGEST_MESSAGES = 65_536;

/** Reads a call off its span; undefined for a span that is neither a tool nor a model's call. */
export function liveCall(span: ReadableSpan): LiveCall | undefined {
  const { attributes } = span;
  const toolName = attributes[ATTR_GEN_AI_TOOL_NAME];
  const type = attributes[ATTR_SPOOR_OBSERVATION_TYPE];
  if (typeof toolName === 'string' || type === 'TOOL' || type === 'RETRIEVAL') {
    return toolCall(span, typeof toolName === 'string' ? toolName : span.name);
  }
  const messages = attributes[ATTR_GEN_AI_OUTPUT_MESSAGES];
  if (attributes[ATTR_GEN_AI_OPERATION_NAME] === undefined && messages === undefined) return undefined;
  return modelCall(span, typeof messages === 'string' ? messages : undefined);
}

/** A step that has ended, with the calls inside it. */
export function liveStep(span: ReadableSpan, id: string, calls: readonly LiveCall[]): StuckMove {
  const { attributes } = span;
  const tools = calls.flatMap(({ forms }) => forms ?? []);
  const action = text(attributes[ATTR_SPOOR_STEP_ACTION]);
  const stateKey = text(attributes[ATTR_SPOOR_STEP_STATE_KEY]);
  const label = (action ?? calls.find(({ forms }) => forms !== undefined)?.move.label ?? '').slice(
    0,
    LONGEST_LABEL,
  );
  const forms = stepForms(
    {
      id,
      stateKey,
      state: text(attributes[ATTR_SPOOR_STEP_STATE]),
      goal: text(attributes[ATTR_SPOOR_STEP_GOAL]),
      name: text(attributes[ATTR_SPOOR_STEP_NAME]),
      action,
      actionLabel: label,
      calls: tools,
      failure: failureOf(span),
    },
    '',
  );
  const message =
    tools.length > 0 ? undefined : calls.findLast(({ move }) => move.message !== undefined)?.move.message;
  const progress = attributes[ATTR_SPOOR_STEP_PROGRESS];
  const weights = calls.map(({ move }) => move);
  const costs = weights.flatMap(({ cost }) => cost ?? []);
  return {
    id,
    label,
    state: hashText(stateKey ?? forms.stateText),
    exactState: forms.exactState,
    action: forms.action,
    actionShape: forms.actionShape,
    outcome: forms.outcome,
    isError: span.status.code === SpanStatusCode.ERROR,
    message,
    progress: progress === undefined ? undefined : String(progress),
    tokens: weights.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0),
    ms: lengthMs(span),
  };
}

function toolCall(span: ReadableSpan, name: string): LiveCall {
  const { attributes } = span;
  const given = attributes[ATTR_GEN_AI_TOOL_CALL_ARGUMENTS] ?? attributes[ATTR_SPOOR_OBSERVATION_INPUT];
  const got = attributes[ATTR_GEN_AI_TOOL_CALL_RESULT] ?? attributes[ATTR_SPOOR_OBSERVATION_OUTPUT];
  const { spanId: id } = span.spanContext();
  const forms = callForms({ id, kind: 'TOOL', name, given, got, failure: failureOf(span) });
  const asked = typeof given === 'string' ? given : '';
  return {
    move: callMove(span, `${name} ${asked}`.slice(0, LONGEST_LABEL).trim(), forms),
    isMove: true,
    forms,
  };
}

function modelCall(span: ReadableSpan, messages: string | undefined): LiveCall {
  const said = messages === undefined || messages.length > LONGEST_MESSAGES ? undefined : wordsOf(messages);
  const forms = { action: `?${span.spanContext().spanId}`, outcome: '' };
  const move = callMove(span, (said ?? span.name).slice(0, LONGEST_LABEL), forms);
  return {
    move: said === undefined ? move : { ...move, message: hashText(canonicalText(said, 'outcome')) },
    isMove: said !== undefined,
    forms: undefined,
  };
}

function callMove(span: ReadableSpan, label: string, { action, outcome }: CallForms): StuckMove {
  const { attributes } = span;
  const cost = attributes[ATTR_SPOOR_COST_TOTAL];
  return {
    id: span.spanContext().spanId,
    label,
    state: '',
    exactState: '',
    action: hashText(action),
    actionShape: '',
    outcome: outcome === '' ? '' : hashText(outcome),
    isError: span.status.code === SpanStatusCode.ERROR,
    tokens:
      count(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS]) + count(attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]),
    cost: typeof cost === 'number' ? cost : undefined,
    ms: lengthMs(span),
  };
}

/** What a model said, when it said words and asked for no tool. */
function wordsOf(messages: string): string | undefined {
  try {
    const parts = (JSON.parse(messages) as { parts?: { type?: string; content?: unknown }[] }[]).flatMap(
      (message) => message.parts ?? [],
    );
    if (parts.some(({ type }) => type === 'tool_call')) return undefined;
    const words = parts.flatMap(({ type, content }) =>
      type === 'text' && typeof content === 'string' ? [content] : [],
    );
    return words.length === 0 ? undefined : words.join('\n');
  } catch {
    return undefined;
  }
}

function failureOf({ status }: ReadableSpan): string | undefined {
  return status.code === SpanStatusCode.ERROR ? (status.message ?? '') : undefined;
}

function lengthMs({ duration: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1000 + nanos / 1e6;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
