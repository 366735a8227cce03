import {
  createContextKey,
  trace,
  type Attributes,
  type AttributeValue,
  type Context,
  type Span,
  type SpanStatus,
  type TimeInput,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK } from '../../semconv/attributes.js';
import { ATTR_SPOOR_OUTCOME, ATTR_SPOOR_STREAM_CHUNK_COUNT } from '../../semconv/spoor-attributes.js';

/**
 * A framework's call of a model that goes through a provider's SDK is one call and has one span: the framework's. What the
 * SDK's mapper learns (exact usage, ids, parameters, server) is put on that span instead of on a second one.
 */
export interface Cover {
  /** The span of the call that covers the calls inside it; unset until that call has started. */
  span: CoveringSpan | undefined;
}

const COVER: symbol = createContextKey('spoor covered calls');

/** The context in which the first call that starts covers those that start inside it. */
export function coverCalls(context: Context, cover: Cover = { span: undefined }): Context {
  return context.setValue(COVER, cover);
}

/** The cover that holds in a context. */
export function coverOf(context: Context): Cover | undefined {
  return context.getValue(COVER) as Cover | undefined;
}

/** How the covering call itself went: a call inside it may fail and be tried again. */
const OWN: ReadonlySet<string> = new Set([
  ATTR_SPOOR_OUTCOME,
  ATTR_ERROR_TYPE,
  ATTR_SPOOR_STREAM_CHUNK_COUNT,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
]);
const USAGE = 'gen_ai.usage.';

/** The span of a covering call, and what the calls inside it have said. */
export class CoveringSpan {
  readonly operation: string;
  private readonly span: Span;
  private readonly said: Attributes[];
  /** All of it together: a span that was sampled out keeps nothing itself. */
  readonly learned: Attributes;
  private isEnded: boolean;
  /** Ends what is still under way inside. */
  private readonly endings: (() => void)[];
  /** Why the newest call inside that failed did: for a framework whose own errors do not tell. */
  innerErrorType: string | undefined;

  constructor(span: Span, operation: string) {
    this.span = span;
    this.operation = operation;
    this.said = [];
    this.learned = {};
    this.isEnded = false;
    this.endings = [];
    this.innerErrorType = undefined;
  }

  /** A span for a call inside: what is set on it is set on the covering one, and it has no end of its own. */
  share(): Span {
    const own: Attributes = {};
    this.said.push(own);
    const span = trace.wrapSpanContext(this.span.spanContext());
    return Object.assign(span, {
      isRecording: () => this.span.isRecording(),
      setAttributes: (attributes: Attributes) => {
        this.learn(own, attributes);
        return span;
      },
    });
  }

  /** What ends a call inside, should it still be under way when the covering one ends: what it knows so far is learned. */
  endWith(end: () => void): void {
    this.endings.push(end);
  }

  /** What the newest call inside has said under a key. */
  shared(key: string): AttributeValue | undefined {
    return this.said.findLast((own) => key in own)?.[key];
  }

  /** The span as the covering call sees it: what a call inside has said better is not said again. */
  front(): Span {
    const { span } = this;
    const front: Span = Object.assign(trace.wrapSpanContext(span.spanContext()), {
      attributes: this.learned,
      isRecording: () => span.isRecording(),
      setAttributes: (attributes: Attributes) => {
        span.setAttributes(this.without(attributes));
        return front;
      },
      setStatus: (status: SpanStatus) => {
        span.setStatus(status);
        return front;
      },
      end: (at?: TimeInput) => {
        // A framework may leave a provider's stream only after it has told that the program left its own.
        for (const end of this.endings.splice(0)) end();
        this.isEnded = true;
        span.end(at);
      },
    });
    return front;
  }

  private without(attributes: Attributes): Attributes {
    if (this.said.length === 0) return attributes;
    const rest = { ...attributes };
    for (const own of this.said) for (const key in own) delete rest[key];
    return rest;
  }

  private learn(own: Attributes, attributes: Attributes): void {
    // The program may stop reading before the SDK does.
    if (this.isEnded) return;
    const learned: Attributes = {};
    const errorType = attributes[ATTR_ERROR_TYPE];
    if (typeof errorType === 'string') this.innerErrorType = errorType;
    for (const key in attributes) {
      if (OWN.has(key)) continue;
      own[key] = attributes[key];
      // Two calls inside one: both were paid for.
      learned[key] = key.startsWith(USAGE) ? this.total(key) : attributes[key];
    }
    Object.assign(this.learned, learned);
    this.span.setAttributes(learned);
  }

  private total(key: string): number {
    return this.said.reduce((sum, own) => sum + (typeof own[key] === 'number' ? own[key] : 0), 0);
  }
}
