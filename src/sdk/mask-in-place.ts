import { SpanStatusCode, type Attributes, type AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace-node';
import type { Mask } from '../config/options.js';
import { warnOnce } from '../tracing/diag.js';
import { maskName } from './mask-content.js';
import { MASK_FAILED, maskText, maskValue } from './mask-text.js';
import { spanConcept } from './span-concept.js';

const done = new WeakSet<ReadableSpan>();

/**
 * Masks a span that is about to end, itself: in a pipeline of the app every exporter reads it, and none of them asks us.
 * Only for spans that we made. Never throws; what fails is emptied.
 */
export function maskInPlace(span: Span, mask: Mask | undefined): void {
  const concept = spanConcept(span);
  try {
    span.updateName(maskText(span.name, 'name', concept, mask));
    rewrite(span.attributes, concept, mask);
    const { code, message } = span.status;
    if (message !== undefined && code === SpanStatusCode.ERROR) {
      span.setStatus({ code, message: maskText(message, 'status.message', concept, mask) });
    }
    for (const event of span.events) {
      event.name = maskText(event.name, 'name', concept, mask);
      if (event.attributes !== undefined) rewrite(event.attributes, concept, mask);
    }
    for (const link of span.links) if (link.attributes !== undefined) rewrite(link.attributes, concept, mask);
    done.add(span);
  } catch (error) {
    warnOnce('mask-in-place', 'a span could not be masked; its attributes were emptied', error);
    empty(span);
  }
}

/** True for a span that has been through the user's mask: it is not asked to mask its own work. */
export function wasMaskedInPlace(span: ReadableSpan): boolean {
  return done.has(span);
}

/** Straight into the span's own object: `setAttribute` would count each key against the limits again. */
function rewrite(attributes: Attributes, concept: string, mask: Mask | undefined): void {
  for (const [key, value] of Object.entries(attributes)) {
    const name = maskName(key);
    const masked = maskValue(value, key, concept, mask) as AttributeValue;
    if (name !== key) delete attributes[key];
    if (name !== key || masked !== value) attributes[name] = masked;
  }
}

function empty(span: Span): void {
  for (const attributes of [span.attributes, ...span.events.map((event) => event.attributes ?? {})]) {
    for (const key of Object.keys(attributes)) attributes[key] = MASK_FAILED;
  }
}
