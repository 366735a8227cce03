import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../semconv/attributes.js';
import { SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';
import { GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL } from '../../semconv/values.js';
import { activeContext } from '../tracing/active-context.js';
import { recordWork } from '../tracing/metrics.js';
import { guard } from './guard.js';
import { isSuppressed } from './suppress.js';

/** The parts of an SDK's span that the API does not promise. */
interface ReadableSpan extends Span {
  attributes?: Attributes;
  instrumentationScope?: { name?: string };
}

/** A span of ours that somebody else ends. */
export interface EnclosingTool {
  readonly context: Context;
  set(attributes: Attributes): void;
  fail(type: string): void;
  /** The request is over, which began at `startedAt` (`performance.now()`): it counts as one, though it has no span. */
  answered(startedAt: number, failure?: string): void;
}

const taken = new WeakSet<Span>();

/**
 * The span of ours that is active and already stands for the tool `name`, for a protocol that carries the call of a tool:
 * the convention is to add to that span instead of making a second one. A span is given out once, so that a second request
 * of the same tool has a span of its own.
 */
export function takeEnclosingTool(name: string): EnclosingTool | undefined {
  const context = activeContext();
  if (isSuppressed(context)) return undefined;
  const span: ReadableSpan | undefined = trace.getSpan(context);
  if (span === undefined || !span.isRecording() || taken.has(span)) return undefined;
  const { attributes = {}, instrumentationScope } = span;
  if (attributes[ATTR_GEN_AI_OPERATION_NAME] !== GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL) return undefined;
  if (attributes[ATTR_GEN_AI_TOOL_NAME] !== name) return undefined;
  if (instrumentationScope?.name?.split('/')[0] !== SCOPE_SPOOR) return undefined;
  taken.add(span);
  return {
    context,
    set: (more) => guard('tool attributes', () => void span.setAttributes(more)),
    fail: (type) =>
      guard('tool status', () => {
        span.setAttribute(ATTR_ERROR_TYPE, type);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }),
    answered: (startedAt, failure) => {
      const facts = failure === undefined ? [] : [{ [ATTR_ERROR_TYPE]: failure }];
      recordWork({ kind: SpanKind.CLIENT, context, startedAt, facts: [...facts, span.attributes] });
    },
  };
}
