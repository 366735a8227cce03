import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { ATTR_SPOOR_OUTCOME } from '../../semconv/spoor-attributes.js';
import { currentSettings } from '../config/settings.js';
import { lateModule } from '../shared/late.js';
import { contextOfStart } from '../tracing/active-context.js';
import { warnOnce } from '../tracing/diag.js';
import { contextAttributes } from '../tracing/scope.js';
import { emptySpan } from './empty-span.js';
import type * as MaskNamespace from './mask-in-place.js';
import { isOwnSpan } from './own-span.js';
import { stuckListener } from './stuck/stuck-listener.js';
import type * as StuckNamespace from './stuck/watch-for-stuck.js';

const maskModule = lateModule<typeof MaskNamespace>('./mask-in-place.js', import.meta.url);
const stuckModule = lateModule<typeof StuckNamespace>('./stuck/watch-for-stuck.js', import.meta.url);

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
    // After the program's first turn, so that its first span does not wait for it.
    if (masks) setImmediate(() => loadedMask()).unref();
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
    if (this.#masks && isOwnSpan(span)) maskOrEmpty(span);
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

function maskOrEmpty(span: Span): void {
  const mask = loadedMask();
  if (mask === undefined) emptySpan(span);
  else mask.maskInPlace(span, currentSettings().mask);
}

function loadedMask(): typeof MaskNamespace | undefined {
  try {
    return maskModule();
  } catch (error) {
    warnOnce('mask-module', 'the masks could not be loaded; spans go out without their texts', error);
    return undefined;
  }
}

/** Looks at a span that has ended, when somebody wants to know what is stuck. Costs a look-up otherwise. Never throws. */
function watchForStuck(span: ReadableSpan): void {
  try {
    const listener = stuckListener(span);
    if (listener !== undefined) stuckModule().watchForStuck(span, listener);
  } catch (error) {
    warnOnce('stuck', 'a span could not be looked at for what is stuck', error);
  }
}
