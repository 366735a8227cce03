import type { Context, Span as ApiSpan } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_SPOOR_OUTCOME,
  SCOPE_INSTRUMENTATION_PREFIX,
  SCOPE_SPOOR,
} from '../../semconv/spoor-attributes.js';
import { contextOfStart } from '../tracing/active-context.js';
import { contextAttributes } from '../tracing/scope.js';

/**
 * Stamps every span, foreign ones too, with its session, step, user and tags at the start: context that is read at export
 * would mix sessions, because a batch holds spans of many. List it in an app's own provider, or use `attach`.
 */
export class SpoorSpanProcessor implements SpanProcessor {
  readonly #open = new Set<Span>();

  onStart(span: Span, parentContext: Context): void {
    const stamps = contextAttributes(contextOfStart(parentContext));
    for (const [key, value] of Object.entries(stamps)) {
      if (value !== undefined && span.attributes[key] === undefined) span.setAttribute(key, value);
    }
    if (isOwn(span)) this.#open.add(span);
  }

  onEnd(span: ReadableSpan): void {
    this.#open.delete(span as Span);
  }

  /** Ends the spans of ours that are still open, marked as abandoned: for the end of the process. */
  endOpenSpans(): void {
    for (const span of [...this.#open].toReversed()) {
      span.setAttribute(ATTR_SPOOR_OUTCOME, 'abandoned');
      span.end();
    }
    this.#open.clear();
  }

  async forceFlush(): Promise<void> {
    // Nothing is held back.
  }

  async shutdown(): Promise<void> {
    this.#open.clear();
  }
}

function isOwn(span: Span & Partial<Pick<ApiSpan, 'end'>>): boolean {
  const { name } = span.instrumentationScope;
  return name === SCOPE_SPOOR || name.startsWith(SCOPE_INSTRUMENTATION_PREFIX);
}
