import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { ATTR_SPOOR_OUTCOME } from '../../semconv/spoor-attributes.js';
import { currentSettings } from '../config/settings.js';
import { contextOfStart } from '../tracing/active-context.js';
import { contextAttributes } from '../tracing/scope.js';
import { maskInPlace } from './mask-in-place.js';
import { isOwnSpan } from './own-span.js';
import { watchForStuck } from './stuck/watch-for-stuck.js';

/** How a span processor of ours works. */
export interface SpoorSpanProcessorOptions {
  /**
   * Masks the spans that spoor makes just before they end, so that every exporter of the pipeline gets them masked. Spans of
   * the app are the app's. Default true; spoor's own pipeline masks on the way out instead.
   */
  masks?: boolean;
}

/**
 * Stamps every span, foreign ones too, with its session, step, user and tags at the start: context that is read at export
 * would mix sessions, because a batch holds spans of many. Masks the spans that spoor itself makes. List it in an app's own
 * provider, or use `attach`.
 *
 * @example
 * const provider = new NodeTracerProvider({
 *   spanProcessors: [new SpoorSpanProcessor(), new BatchSpanProcessor(exporter)],
 * });
 */
export class SpoorSpanProcessor implements SpanProcessor {
  readonly #open = new Set<Span>();
  readonly #masks: boolean;

  constructor({ masks = true }: SpoorSpanProcessorOptions = {}) {
    this.#masks = masks;
  }

  onStart(span: Span, parentContext: Context): void {
    const stamps = contextAttributes(contextOfStart(parentContext));
    for (const key in stamps) {
      const value = stamps[key];
      if (value !== undefined && span.attributes[key] === undefined) span.setAttribute(key, value);
    }
    if (isOwnSpan(span)) this.#open.add(span);
  }

  onEnding(span: Span): void {
    if (this.#masks && isOwnSpan(span)) maskInPlace(span, currentSettings().mask);
  }

  onEnd(span: ReadableSpan): void {
    this.#open.delete(span as Span);
    watchForStuck(span);
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
