import type { Dialect, SpanFacts } from '../../semconv/dialects/dialect.js';
import { DIALECTS, pickDialect, plainDialect } from '../../semconv/dialects/index.js';
import type { Observation } from '../../semconv/model/observation.js';
import { SCOPE_INSTRUMENTATION_PREFIX } from '../../semconv/spoor-attributes.js';
import type { Attributes, EventRecord, ScopeRecord, SpanRecord } from '../otlp/records.js';
import { SpoorError } from '../shared/errors.js';
import { asObservation } from './as-observation.js';
import { translateSpan, type TranslatedSpan } from './translate-span.js';

export interface RewriteOptions {
  /** False drops `spoor.*` attributes, which other receivers show but do not understand. Default true. */
  keepOwn?: boolean;
}

/** A dialect that can be written. */
export type WritableDialect = Dialect & Required<Pick<Dialect, 'write'>>;

/** OTLP StatusCode. */
const ERROR = 2;
/** Scope of rewritten spans: by that of the emitter, readers would take them for its dialect. */
const SCOPE_TRANSLATED = 'translated';
const OWN_PREFIX = 'spoor.';
/** Before the names of attributes that would make a rewritten span look like one of another dialect. */
const KEPT_PREFIX = 'source.';
/** Events that carry messages, which a rewritten span has as attributes. */
const MESSAGE_EVENTS: ReadonlySet<string> = new Set([
  'gen_ai.system.message',
  'gen_ai.user.message',
  'gen_ai.assistant.message',
  'gen_ai.tool.message',
  'gen_ai.choice',
  'gen_ai.content.prompt',
  'gen_ai.content.completion',
  'gen_ai.client.inference.operation.details',
]);

/**
 * The dialect with this name.
 * @throws SpoorError `SPOOR_OPTION_INVALID` that lists those that can be written
 */
export function writableDialect(name: string): WritableDialect {
  const found = DIALECTS.find((dialect) => dialect.name === name);
  if (found !== undefined && isWritable(found)) return found;
  throw new SpoorError(
    'SPOOR_OPTION_INVALID',
    `"${name}" is no dialect to write: give one of ${writableDialectNames().join(', ')}.`,
  );
}

/** The names that {@link writableDialect} takes. */
export function writableDialectNames(): string[] {
  return DIALECTS.filter((dialect) => isWritable(dialect)).map((dialect) => dialect.name);
}

function isWritable(dialect: Dialect): dialect is WritableDialect {
  return dialect.write !== undefined;
}

/**
 * The span in another dialect: the same ids, times, parent, links, status, kind and resource, with the attributes by which
 * that dialect says what the span says. Attributes that nobody understood stay. A span that is in the dialect already, or in
 * no GenAI dialect, stays as it is, but for `spoor.*` attributes that are to be dropped. Pure.
 */
export function rewriteSpan(
  span: SpanRecord,
  target: WritableDialect,
  { keepOwn = true }: RewriteOptions = {},
): SpanRecord {
  const source = pickDialect(span);
  const isSame = source.name === target.name || source.name === plainDialect.name;
  const rewritten = isSame ? span : rewrite(span, source, target);
  return keepOwn ? rewritten : withoutOwn(rewritten);
}

function rewrite(span: SpanRecord, source: Dialect, target: WritableDialect): SpanRecord {
  const translated = translateSpan(span);
  const observation: Observation = {
    ...asObservation(span, translated.facts),
    id: span.spanId,
    traceId: span.traceId,
    dialect: source.name,
    startMs: translated.startMs,
    status: translated.status,
    ...(translated.statusMessage === undefined ? {} : { statusMessage: translated.statusMessage }),
  };
  const written = target.write(observation);
  const rewritten: SpanRecord = {
    ...span,
    ...failureOf(translated),
    name: written.name,
    kind: span.kind === 0 ? written.kind : span.kind,
    attributes: Object.assign(
      bare(),
      ownAttributes(span.attributes),
      written.attributes,
      sessionAttributes(translated.facts, target),
    ),
    events: span.events.filter((event) => !isReadAsMessages(event)),
    scope: translatedScope(span.scope, source, target),
  };
  return isClaimed(rewritten, target) ? rewritten : withoutMarks(rewritten, observation, target);
}

/** Some dialects say a failure by an attribute or an event; all understand the status. */
function failureOf({ status, statusMessage }: TranslatedSpan): Partial<SpanRecord> {
  if (status !== 'error') return {};
  return { statusCode: ERROR, ...(statusMessage === undefined ? {} : { statusMessage }) };
}

function isClaimed(span: SpanRecord, target: Dialect): boolean {
  const { name } = pickDialect(span);
  return name === target.name || name === plainDialect.name;
}

/** What is left of another dialect's words, which readers would take the span for, is kept under a name of its own. */
function withoutMarks(span: SpanRecord, { attributes: rest = {} }: Observation, target: Dialect): SpanRecord {
  const attributes = bare();
  for (const key of Object.keys(span.attributes)) {
    const value = span.attributes[key] ?? null;
    const isMark =
      Object.hasOwn(rest, key) && !isClaimed({ ...span, attributes: { [key]: value }, events: [] }, target);
    attributes[isMark ? `${KEPT_PREFIX}${key}` : key] = value;
  }
  return { ...span, attributes };
}

function sessionAttributes(facts: SpanFacts, target: WritableDialect): Attributes {
  return facts.concept === 'session' ? (target.writeSession?.(facts.session) ?? {}) : {};
}

function isReadAsMessages(event: EventRecord): boolean {
  return MESSAGE_EVENTS.has(event.name);
}

/** Spans that shared a scope share the one that is made of it: encoders group by it. */
const translatedScopes = new WeakMap<ScopeRecord, Map<string, ScopeRecord>>();

function translatedScope(scope: ScopeRecord, source: Dialect, target: WritableDialect): ScopeRecord {
  const made = translatedScopes.get(scope) ?? new Map<string, ScopeRecord>();
  translatedScopes.set(scope, made);
  const key = `${source.name} ${target.name}`;
  const known = made.get(key) ?? makeScope(scope, source, target);
  made.set(key, known);
  return known;
}

/** Where the span came from is kept beside it. */
function makeScope(scope: ScopeRecord, source: Dialect, target: WritableDialect): ScopeRecord {
  const attributes: Attributes = Object.assign(bare(), scope.attributes, {
    'spoor.source.dialect': source.name,
    'spoor.source.scope': scope.name,
    ...(scope.version === undefined ? {} : { 'spoor.source.scope_version': scope.version }),
  });
  const isOwn = target.name === 'spoor';
  return {
    name: isOwn ? `${SCOPE_INSTRUMENTATION_PREFIX}${SCOPE_TRANSLATED}` : SCOPE_TRANSLATED,
    attributes,
  };
}

function ownAttributes(attributes: Attributes): Attributes {
  return only(attributes, (key) => !isForeign(key));
}

function isForeign(key: string): boolean {
  return !key.startsWith(OWN_PREFIX);
}

function withoutOwn(span: SpanRecord): SpanRecord {
  const { attributes: said = {}, ...scope } = span.scope;
  const left = only(said, isForeign);
  return {
    ...span,
    attributes: only(span.attributes, isForeign),
    scope: Object.keys(left).length === 0 ? scope : { ...scope, attributes: left },
  };
}

function only(attributes: Attributes, isKept: (key: string) => boolean): Attributes {
  const kept = bare();
  for (const key of Object.keys(attributes)) if (isKept(key)) kept[key] = attributes[key] ?? null;
  return kept;
}

function bare(): Attributes {
  return Object.create(null) as Attributes;
}
