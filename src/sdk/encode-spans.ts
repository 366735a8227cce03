import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { keepBytes, takeBytes, type Frame } from './recent-bytes.js';
import { quote, resourceText, scopeText, spanText } from './span-text.js';

/** Spans as an OTLP/JSON trace request: the same bytes as of `JsonTraceSerializer`. */
export function encodeSpans(spans: readonly ReadableSpan[]): Uint8Array {
  const body = createBody();
  body.add('{"resourceSpans":[');
  let between = '';
  for (const [resource, scopes] of grouped(spans)) {
    body.add(`${between}{"resource":${resourceText(resource)},"scopeSpans":[`);
    addScopes(body, [...scopes.values()]);
    body.add(`]${resourceEnd(resource)}`);
    between = ',';
  }
  body.add(']}');
  return body.bytes();
}

/**
 * A line of a request of one span, with its end. It must be used at once: the next one may be written over it. A request with
 * the same span that follows soon is made of the same bytes.
 */
export function encodeSpanLine(span: ReadableSpan): Uint8Array {
  return keepBytes(span, frameOf(span), spanText(span));
}

/** Of the last resource and scope: most programs have few of them. */
function frameOf({ resource, instrumentationScope: scope }: ReadableSpan): Frame {
  const known = frames.get(scope);
  if (known?.resource === resource) return known.frame;
  const frame = {
    before: Buffer.from(
      `{"resourceSpans":[{"resource":${resourceText(resource)},"scopeSpans":[{"scope":${scopeText(scope)},"spans":[`,
    ),
    after: Buffer.from(`]${scopeEnd(scope)}]${resourceEnd(resource)}]}\n`),
  };
  // Detectors of the app may still be at work.
  if (resource.asyncAttributesPending !== true) frames.set(scope, { resource, frame });
  return frame;
}
const frames = new WeakMap<Scope, { readonly resource: Resource; readonly frame: Frame }>();

type Scope = ReadableSpan['instrumentationScope'];

/** By resource, and scope, in the order of their first spans. */
function grouped(spans: readonly ReadableSpan[]): Map<Resource, Map<string, ReadableSpan[]>> {
  const resources = new Map<Resource, Map<string, ReadableSpan[]>>();
  for (const span of spans) {
    const { resource, instrumentationScope: scope } = span;
    let scopes = resources.get(resource);
    if (scopes === undefined) resources.set(resource, (scopes = new Map()));
    const key = `${scope.name}@${scope.version ?? ''}:${scope.schemaUrl ?? ''}`;
    const group = scopes.get(key);
    if (group === undefined) scopes.set(key, [span]);
    else group.push(span);
  }
  return resources;
}

function addScopes(body: Body, groups: readonly (readonly ReadableSpan[])[]): void {
  let between = '';
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const scope = first.instrumentationScope;
    body.add(`${between}{"scope":${scopeText(scope)},"spans":[`);
    between = '';
    for (const span of group) {
      body.add(between);
      body.add(takeBytes(span) ?? spanText(span));
      between = ',';
    }
    body.add(`]${scopeEnd(scope)}`);
  }
}

function scopeEnd({ schemaUrl }: Scope): string {
  return schemaUrl === undefined ? '}' : `,"schemaUrl":${quote(schemaUrl)}}`;
}

function resourceEnd({ schemaUrl }: Resource): string {
  return schemaUrl === undefined || schemaUrl === '' ? '}' : `,"schemaUrl":${quote(schemaUrl)}}`;
}

interface Body {
  add(piece: string | Uint8Array): void;
  bytes(): Uint8Array;
}

function createBody(): Body {
  const pieces: Uint8Array[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push(text === ',' ? COMMA : Buffer.from(text));
    text = '';
  };
  return {
    add: (piece) => {
      if (typeof piece === 'string') {
        text += piece;
      } else {
        flush();
        pieces.push(piece);
      }
    },
    bytes: () => {
      flush();
      const [only] = pieces;
      return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
    },
  };
}

const COMMA = Buffer.from(',');
