import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { ATTR_SPOOR_AMENDMENT_TARGET, ATTR_SPOOR_OBSERVATION_TYPE } from '../../semconv/spoor-attributes.js';
import type { Mask } from '../config/options.js';
import { maskText, maskValue } from './mask-text.js';

/** Turns a span into what may leave the process. */
export type SpanMasker = (span: ReadableSpan) => ReadableSpan;

/**
 * The one choke point on the way out. Everything of a span that can hold text passes: name, status message, attributes,
 * events, links, resource, trace state. It works on a copy: the live span belongs to the program.
 */
export function createSpanMasker(currentMask: () => Mask | undefined): SpanMasker {
  const resources = new WeakMap<Resource, Resource>();
  return (span) => {
    const mask = currentMask();
    const concept = conceptOf(span);
    const all = (attributes: Attributes | undefined): Attributes =>
      maskAttributes(attributes ?? {}, concept, mask);
    return {
      name: maskText(span.name, 'name', concept, mask),
      kind: span.kind,
      spanContext: () => span.spanContext(),
      ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
      startTime: span.startTime,
      endTime: span.endTime,
      status:
        span.status.message === undefined
          ? span.status
          : { ...span.status, message: maskText(span.status.message, 'status.message', concept, mask) },
      attributes: all(span.attributes),
      links: span.links.map((link) => ({ ...link, attributes: all(link.attributes) })),
      events: span.events.map((event) => ({
        ...event,
        name: maskText(event.name, 'name', concept, mask),
        attributes: all(event.attributes),
      })),
      duration: span.duration,
      ended: span.ended,
      resource: maskedResource(span.resource, resources, mask),
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

function maskAttributes(attributes: Attributes, concept: string, mask: Mask | undefined): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      maskValue(value, key, concept, mask) as AttributeValue,
    ]),
  );
}

/** What the mask is told about the place of a text. */
function conceptOf(span: ReadableSpan): string {
  if (span.attributes[ATTR_SPOOR_AMENDMENT_TARGET] !== undefined) return 'amendment';
  if (span.instrumentationScope.name === 'spoor') {
    const word = /^(session|step)\b/.exec(span.name)?.[1];
    if (word !== undefined && span.attributes[ATTR_SPOOR_OBSERVATION_TYPE] === undefined) return word;
  }
  return 'observation';
}
