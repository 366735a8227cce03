import type { Attributes, AttributeValue, SpanContext } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Mask } from '../config/options.js';
import { warnOnce } from '../tracing/diag.js';
import { maskContent, maskName } from './mask-content.js';
import { MASK_FAILED, maskText, maskValue } from './mask-text.js';
import { wasMaskedInPlace } from './mask-in-place.js';
import { sentParent } from './sent-parents.js';
import { spanConcept } from './span-concept.js';

/** Turns a span into what may leave the process; with the attributes it had at another time, if given. */
export type SpanMasker = (span: ReadableSpan, attributes?: Attributes) => ReadableSpan;

/**
 * The one choke point on the way out. Everything of a span that can hold text passes: name, status message, attributes,
 * events, links, resource, trace state. It works on a copy: the live span belongs to the program. Never throws: of a span
 * that cannot be read, only the ids and times are left, and the others of its batch go out as they should.
 */
export function createSpanMasker(currentMask: () => Mask | undefined): SpanMasker {
  const resources = new WeakMap<Resource, Resource>();
  return (span, attributes) => {
    try {
      return maskedSpan(span, attributes ?? span.attributes);
    } catch (error) {
      warnOnce('mask-span', 'a span could not be masked; it was sent without its texts', error);
      return emptied(span);
    }
  };

  function maskedSpan(span: ReadableSpan, attributes: Attributes): ReadableSpan {
    const mask = wasMaskedInPlace(span) ? undefined : currentMask();
    const concept = spanConcept(span);
    const parent = sentParent(span);
    // Not read later: the copy would keep the whole live span.
    const context = maskedContext(span.spanContext());
    const all = (some: Attributes | undefined): Attributes => maskAttributes(some ?? {}, concept, mask);
    return {
      name: maskText(span.name, 'name', concept, mask),
      kind: span.kind,
      spanContext: () => context,
      ...(parent === undefined ? {} : { parentSpanContext: maskedContext(parent) }),
      startTime: span.startTime,
      endTime: span.endTime,
      status:
        span.status.message === undefined
          ? span.status
          : { ...span.status, message: maskText(span.status.message, 'status.message', concept, mask) },
      attributes: all(attributes),
      links: mapped(span.links, (link) => ({
        ...link,
        context: maskedContext(link.context),
        attributes: all(link.attributes),
      })),
      events: mapped(span.events, (event) => ({
        ...event,
        name: maskText(event.name, 'name', concept, mask),
        attributes: all(event.attributes),
      })),
      duration: span.duration,
      ended: span.ended,
      resource: maskedResource(span.resource, resources, currentMask),
      instrumentationScope: span.instrumentationScope,
      droppedAttributesCount: span.droppedAttributesCount,
      droppedEventsCount: span.droppedEventsCount,
      droppedLinksCount: span.droppedLinksCount,
    };
  }
}

/** Most spans have none, and thousands of them wait at times. */
function mapped<T>(items: T[], of: (item: T) => T): T[] {
  return items.length === 0 ? NONE : items.map(of);
}
const NONE: never[] = [];

function emptied(span: ReadableSpan): ReadableSpan {
  const { traceState: _, ...context } = span.spanContext();
  return {
    ...EMPTY,
    kind: span.kind,
    spanContext: () => context,
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    instrumentationScope: span.instrumentationScope,
  };
}

const EMPTY = {
  name: MASK_FAILED,
  attributes: {},
  links: [],
  events: [],
  resource: resourceFromAttributes({}),
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};

/**
 * One masked resource for each resource: the serialiser groups spans by its identity. Its attributes are masked when they
 * are read: detectors of the app may still be at work before.
 */
function maskedResource(
  resource: Resource,
  cache: WeakMap<Resource, Resource>,
  currentMask: () => Mask | undefined,
): Resource {
  let copy = cache.get(resource);
  if (copy !== undefined) return copy;
  let settled: Attributes | undefined;
  const attributes = (): Attributes => {
    if (settled !== undefined) return settled;
    const masked = maskAttributes(resource.attributes, 'resource', currentMask());
    if (!resource.asyncAttributesPending) settled = masked;
    return masked;
  };
  // Inherits the methods of the original; only what is read on the way out is replaced.
  copy = Object.create(resource, { attributes: { get: attributes, enumerable: true } }) as Resource;
  cache.set(resource, copy);
  return copy;
}

/** The trace state of other vendors is theirs: it goes as it is, or not at all. */
function maskedContext(context: SpanContext): SpanContext {
  const state = context.traceState?.serialize() ?? '';
  if (state === '' || maskContent(state) === state) return context;
  const { traceState: _, ...rest } = context;
  return rest;
}

/** Attributes as they may leave. Keys are the user's words too, where they come from metadata or headers. */
function maskAttributes(attributes: Attributes, concept: string, mask: Mask | undefined): Attributes {
  const masked: Attributes = {};
  for (const key of Object.keys(attributes)) {
    const name = maskName(key);
    // Assigned, this one would be no attribute but the prototype.
    if (name !== '__proto__') masked[name] = maskValue(attributes[key], key, concept, mask) as AttributeValue;
  }
  return masked;
}
