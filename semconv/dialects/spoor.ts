import { ATTR_SESSION_ID } from '../attributes.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { Observation } from '../model/observation.js';
import * as own from '../spoor-attributes.js';
import { createAttributeReader, type AttributeReader } from './attribute-reader.js';
import { dialectNameOf } from './dialect-marks.js';
import type { Dialect, DialectSpan, SpanFacts } from './dialect.js';
import { readOwnObservation, readSessionFields, readSessionResource, readStepFields } from './read-spoor.js';
import { SPOOR_SAMPLES } from './samples/spoor-samples.js';
import { spanKindOf, writeGenAi } from './write-genai.js';

const AMENDABLE = ['session', 'step', 'event', 'observation'] as const;
const STATUS_ERROR = 2;

/** Our own spans: whatever was made under the scope `spoor` or `spoor/<instrumentation>`. */
export const spoorDialect: Dialect = {
  name: 'spoor',
  matches: (span) => dialectNameOf(span) === 'spoor',
  read(span) {
    const reader = createAttributeReader(span.attributes);
    return (
      readAmendment(span, reader) ??
      readSession(span, reader) ??
      readStep(span, reader) ??
      readRest(span, reader)
    );
  },
  write: (observation: Observation) => ({
    name: observation.name,
    kind: spanKindOf(observation.type),
    attributes: {
      ...writeGenAi(observation),
      [own.ATTR_SPOOR_OBSERVATION_TYPE]: observation.type,
      ...(observation.screenshots && { [own.ATTR_SPOOR_EVENT_SCREENSHOTS]: observation.screenshots }),
      ...(observation.warnings && { [own.ATTR_SPOOR_WARNINGS]: observation.warnings }),
    },
  }),
  samples: SPOOR_SAMPLES,
};

function readAmendment(span: DialectSpan, reader: AttributeReader): SpanFacts | undefined {
  const named = reader.text(own.ATTR_SPOOR_AMENDMENT_TARGET);
  const kind = AMENDABLE.find((known) => known === named);
  const id = reader.text(own.ATTR_SPOOR_AMENDMENT_TARGET_ID) ?? span.links[0]?.spanId;
  if (kind === undefined || id === undefined) return undefined;
  const sessionId = reader.text(ATTR_SESSION_ID);
  return {
    concept: 'amendment',
    target: { kind, id },
    ...(sessionId === undefined ? {} : { sessionId }),
    fields: { ...amendedFields(kind, span, reader), ...amendedStatus(span) },
  };
}

function amendedFields(
  kind: (typeof AMENDABLE)[number],
  span: DialectSpan,
  reader: AttributeReader,
): JsonObject {
  if (kind === 'session') return { ...readSessionFields(reader) };
  if (kind === 'step') return { ...readStepFields(reader) };
  // What is stamped on every span, and the amendment's own name, say nothing about the target.
  const {
    name: _name,
    type,
    sessionId: _session,
    stepId: _step,
    userId: _user,
    tags: _tags,
    serviceName: _service,
    ...fields
  } = readOwnObservation(span, reader);
  const rest = reader.rest();
  const isTyped = Object.hasOwn(span.attributes, own.ATTR_SPOOR_OBSERVATION_TYPE);
  const amended: Record<string, unknown> = {
    ...fields,
    ...(isTyped ? { type } : {}),
    ...(rest === undefined ? {} : { attributes: rest }),
  };
  return Object.fromEntries(Object.entries(amended).filter(isJsonEntry));
}

/** Facts hold nothing but JSON: their types are narrower than it, which the compiler cannot see. */
function isJsonEntry(entry: [string, unknown]): entry is [string, JsonValue] {
  return entry[1] !== undefined;
}

function amendedStatus(span: DialectSpan): JsonObject {
  if (span.statusCode !== STATUS_ERROR) return {};
  return span.statusMessage === undefined
    ? { status: 'error' }
    : { status: 'error', statusMessage: span.statusMessage };
}

function readSession(span: DialectSpan, reader: AttributeReader): SpanFacts | undefined {
  const name = nameAfter(span, own.SPAN_NAME_SESSION);
  if (name === undefined) return undefined;
  const sessionId = reader.text(ATTR_SESSION_ID);
  if (sessionId === undefined) return undefined;
  const session = {
    ...(name === '' ? {} : { name }),
    ...readSessionFields(reader),
    ...readSessionResource(span),
  };
  return { concept: 'session', sessionId, session };
}

function readStep(span: DialectSpan, reader: AttributeReader): SpanFacts | undefined {
  const name = nameAfter(span, own.SPAN_NAME_STEP);
  if (name === undefined) return undefined;
  const stepId = reader.text(own.ATTR_SPOOR_STEP_ID);
  if (stepId === undefined) return undefined;
  const sessionId = reader.text(ATTR_SESSION_ID);
  return {
    concept: 'step',
    ...(sessionId === undefined ? {} : { sessionId }),
    stepId,
    step: { name: name === '' ? own.SPAN_NAME_STEP : name, ...readStepFields(reader) },
  };
}

function readRest(span: DialectSpan, reader: AttributeReader): SpanFacts {
  const facts = readOwnObservation(span, reader);
  const rest = reader.rest();
  return { concept: 'observation', observation: rest === undefined ? facts : { ...facts, attributes: rest } };
}

/**
 * What follows the concept's word in a span's name. An observation may be called `step 1` too: it says its type, and only
 * the scope `spoor` itself has sessions and steps.
 */
function nameAfter(span: DialectSpan, word: string): string | undefined {
  if (span.scope.name !== own.SCOPE_SPOOR) return undefined;
  if (Object.hasOwn(span.attributes, own.ATTR_SPOOR_OBSERVATION_TYPE)) return undefined;
  if (span.name === word) return '';
  return span.name.startsWith(`${word} `) ? span.name.slice(word.length + 1) : undefined;
}
