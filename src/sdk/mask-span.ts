import type { Attributes, AttributeValue, SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Mask } from '../config/options.js';
import { maskContent, maskName } from './mask-content.js';
import { maskText, maskValue } from './mask-text.js';
import { wasMaskedInPlace } from './mask-in-place.js';
import { spanConcept } from './span-concept.js';

/** Turns a span into what may leave the process. */
export type SpanMasker = (span: ReadableSpan) => ReadableSpan;

/**
 * The one choke point on the way out. Everything of a span that can hold text passes: name, status message, attributes,
 * events, links, resource, trace state. It works on a copy: the live span belongs to the program.
 */
export function createSpanMasker(currentMask: () => Mask | undefined): SpanMasker {
  const resources = new WeakMap<Resource, Resource>();
  return (span) => {
    const mask = wasMaskedInPlace(span) ? undefined : currentMask();
    const concept = spanConcept(span);
    const all = (attributes: Attributes | undefined): Attributes =>
      maskAttributes(attributes ?? {}, concept, mask);
    return {
      name: maskText(span.name, 'name', concept, mask),
      kind: span.kind,
      spanContext: () => maskedContext(span.spanContext()),
      ...(span.parentSpanContext === undefined
        ? {}
        : { parentSpanContext: maskedContext(span.parentSpanContext) }),
      startTime: span.startTime,
      endTime: span.endTime,
      status:
        span.status.message === undefined
          ? span.status
          : { ...span.status, message: maskText(span.status.message, 'status.message', concept, mask) },
      attributes: all(span.attributes),
      links: span.links.map((link) => ({
        ...link,
        context: maskedContext(link.context),
        attributes: all(link.attributes),
      })),
      events: span.events.map((event) => ({
        ...event,
        name: maskText(event.name, 'name', concept, mask),
        attributes: all(event.attributes),
      })),
      duration: span.duration,
      ended: span.ended,
      resource: maskedResource(span.resource, resources, currentMask()),
      instrumentationScope: span.instrumentationScope,
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    };
  };
}

/** One masked resource for each resource: the serialiser groups spans by its identity. */
function maskedResource(
  resource: Resource,
  cache: WeakMap<Resource, Resource>,
  mask: Mask | undefined,
): Resource {
  const known = cache.get(resource);
  if (known !== undefined && !resource.asyncAttributesPending) return known;
  // Inherits the methods of the original; only what is read on the way out is replaced.
  const masked = Object.create(resource, {
    attributes: {
      value: maskAttributes(resource.attributes, 'resource', mask),
      enumerable: true,
    },
  }) as Resource;
  cache.set(resource, masked);
  return masked;
}

/** The trace state of other vendors is theirs: it goes as it is, or not at all. */
function maskedContext(context: SpanContext): SpanContext {
  const { traceState, ...rest } = context;
  const state = traceState?.serialize() ?? '';
  return state === '' || maskContent(state) === state ? context : rest;
}

/** Attributes as they may leave. Keys are the user's words too, where they come from metadata or headers. */
export function maskAttributes(
  attributes: Attributes,
  concept: string,
  mask: Mask | undefined,
): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      maskName(key),
      maskValue(value, key, concept, mask) as AttributeValue,
    ]),
  );
}
