import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type AttributeValue,
  type Context,
  type Link,
  type Span,
  type TimeInput,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '../../semconv/attributes.js';
import { ATTR_SPOOR_OUTCOME, SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import { currentContentPolicy, type ContentPolicy } from '../config/content-policy.js';
import { activeContext, runInContext } from '../tracing/active-context.js';
import { isMetered } from '../tracing/meter.js';
import { countingContext, recordWork } from '../tracing/metrics.js';
import { currentTracer } from '../tracing/provider.js';
import { contextAttributes } from '../tracing/scope.js';
import { coverCalls, CoveringSpan } from './cover.js';
import { guard } from './guard.js';
import type { Outcome } from './open-call.js';
import { forgetCall, watchCall, type WatchedCall } from './open-calls.js';
import { isSuppressed } from './suppress.js';

/** What a span of a framework or a protocol starts with. */
export interface SpanStart {
  /** Name of the instrumentation folder: the scope is made of it. */
  sdk: string;
  name: string;
  kind?: keyof typeof SpanKind;
  attributes: Attributes;
  /** The context that the work belongs to. Default: the active one. */
  parent?: Context;
  links?: Link[];
  /** When the work began, if that was before now. */
  startedAt?: TimeInput;
  /** For the call of a model: the operation. Calls of a provider's SDK inside it are this call, and add what they learn. */
  covers?: string;
}

/** Why work failed. The message may quote content: it is kept only where input may be kept. */
export interface Failure {
  type: string;
  message?: string | undefined;
}

/**
 * A piece of work that is no LLM call, and its span, from start to the one and only end: of all the ways in which it can
 * end the first one wins. What is never ended by its framework is given up as calls are. No method throws.
 */
export class OpenSpan implements WatchedCall {
  readonly context: Context;
  /** What of the content may be kept; nothing for a span that was sampled out. */
  readonly policy: ContentPolicy;
  isAnchored: boolean;
  chunkCount: number;
  isEnded: boolean;
  /** What is known of the work goes here: what a covered call has said better is not said again. */
  private readonly span: Span;
  private readonly named: Span;
  private readonly cover: CoveringSpan | undefined;
  private readonly start: SpanStart;
  private readonly startedAt: TimeInput;
  /** What is said of work that was sampled out: its span keeps nothing. */
  private readonly unsampled: Attributes | undefined;

  constructor(span: Span, context: Context, policy: ContentPolicy, start: SpanStart, cover?: CoveringSpan) {
    this.span = cover?.front() ?? span;
    this.named = span;
    this.cover = cover;
    this.start = start;
    this.startedAt = start.startedAt ?? performance.now();
    this.context = context;
    this.policy = policy;
    this.isAnchored = false;
    this.chunkCount = 0;
    this.isEnded = false;
    this.unsampled = span.isRecording() ? undefined : {};
    watchCall(this);
  }

  /** What the call of a provider's SDK has put on this span under a key. */
  shared(key: string): AttributeValue | undefined {
    return this.cover?.shared(key);
  }

  /** Why the call of a provider's SDK failed, for a framework whose own errors do not tell. */
  get innerErrorType(): string | undefined {
    return this.cover?.innerErrorType;
  }

  /** Runs `fn` with the span active, and returns what it returns. */
  run<R>(fn: () => R): R {
    return runInContext(this.context, fn);
  }

  /** Adds what is learned on the way. */
  set(attributes: Attributes): void {
    if (this.isEnded) return;
    if (this.unsampled !== undefined) Object.assign(this.unsampled, attributes);
    guard('span attributes', () => this.span.setAttributes(attributes));
  }

  /** Names the work anew, for what is known only later. */
  rename(name: string): void {
    if (!this.isEnded) guard('span name', () => this.named.updateName(name));
  }

  /** Says that the work failed; it ends later. */
  fail({ type, message }: Failure): void {
    if (this.isEnded) return;
    if (this.unsampled !== undefined) this.unsampled[ATTR_ERROR_TYPE] = type;
    const text = this.policy.input && message !== undefined ? { message } : {};
    guard('status', () => {
      this.span.setAttributes({ [ATTR_ERROR_TYPE]: type });
      this.span.setStatus({ code: SpanStatusCode.ERROR, ...text });
    });
  }

  /** Ends it, with all that is left to say. */
  end(attributes: Attributes = {}, outcome: Outcome = 'completed', at?: TimeInput): void {
    if (this.isEnded) return;
    this.isEnded = true;
    forgetCall(this);
    guard('span end', () => {
      const last = { ...attributes, [ATTR_SPOOR_OUTCOME]: outcome };
      this.span.setAttributes(last);
      this.span.end(at);
      if (isMetered()) this.measure(last, at);
    });
  }

  /** Ends it as failed. */
  endFailed(failure: Failure, attributes: Attributes = {}, at?: TimeInput): void {
    this.fail(failure);
    this.end(attributes, 'failed', at);
  }

  abandon(): void {
    this.end({}, 'abandoned');
  }

  private measure(attributes: Attributes, endedAt: TimeInput | undefined): void {
    const { named: span, context, startedAt, start, cover, unsampled } = this;
    const facts = [attributes, cover?.learned, unsampled, start.attributes];
    recordWork({ span, kind: SpanKind[start.kind ?? 'INTERNAL'], context, startedAt, endedAt, facts });
  }
}

/** Starts the span of a piece of work. Undefined when it is not to be traced, or nothing records. */
export function startOpenSpan(start: SpanStart): OpenSpan | undefined {
  const parent = start.parent ?? activeContext();
  if (isSuppressed(parent)) return undefined;
  const tracer = currentTracer(SCOPE_INSTRUMENTATION_PREFIX + start.sdk);
  if (tracer === undefined) return undefined;
  const span = tracer.startSpan(
    start.name,
    {
      kind: SpanKind[start.kind ?? 'INTERNAL'],
      attributes: { ...contextAttributes(parent), ...start.attributes },
      ...(start.links === undefined ? {} : { links: start.links }),
      ...(start.startedAt === undefined ? {} : { startTime: start.startedAt }),
    },
    parent,
  );
  const policy = span.isRecording() ? currentContentPolicy() : NOTHING;
  const context = countingContext(trace.setSpan(parent, span), start.attributes);
  if (start.covers === undefined) return new OpenSpan(span, context, policy, start);
  const cover = new CoveringSpan(span, start.covers);
  return new OpenSpan(span, coverCalls(context, { span: cover }), policy, start, cover);
}

const NOTHING: ContentPolicy = {
  system: false,
  input: false,
  output: false,
  tools: false,
  toolArguments: false,
  maxLength: 0,
};
