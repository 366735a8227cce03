import type { AttributeValue } from '../../src/otlp/records.js';
import type { HeldSpan } from './back-end.js';

/** What was compared, and what was not as it should be. */
export interface Comparison {
  readonly spans: number;
  /** Attributes of spans, events, links, resources and scopes. */
  readonly attributes: number;
  /** Attributes that the back end made from what it read. */
  readonly added: number;
  readonly faults: readonly string[];
}

export interface Tolerance {
  /** Attributes of a span that may be there without having been sent. */
  readonly adds?: RegExp | undefined;
  readonly timeStepNs?: bigint | undefined;
}

/** Compares spans by their ids, field by field and attribute by attribute. */
export function compareSpans(
  expected: readonly HeldSpan[],
  held: readonly HeldSpan[],
  tolerance: Tolerance = {},
): Comparison {
  const tally = { attributes: 0, added: 0, faults: [] as string[] };
  const left = new Map(held.map((span) => [idOf(span), span]));
  if (left.size < held.length) tally.faults.push(`${held.length - left.size} spans are there more than once`);
  for (const span of expected) {
    const found = left.get(idOf(span));
    left.delete(idOf(span));
    if (found === undefined) tally.faults.push(`${span.name}: not there`);
    else compareValue(span, found, { path: span.name, isAttribute: false, tolerance, tally });
  }
  for (const span of left.values()) tally.faults.push(`${span.name}: was not sent`);
  return { spans: expected.length, ...tally };
}

/** What two runs of one program have in common: names along the path, and which fields and attributes are there. */
export function compareShapes(
  expected: readonly HeldSpan[],
  held: readonly HeldSpan[],
  { adds }: Tolerance = {},
): Comparison {
  const faults: string[] = [];
  const left = shapesOf(held, adds);
  for (const shape of shapesOf(expected, adds)) {
    const at = left.indexOf(shape);
    if (at < 0) faults.push(`not there: ${shape}`);
    else left.splice(at, 1);
  }
  faults.push(...left.map((shape) => `was not sent: ${shape}`));
  const attributes = expected.flatMap((span) => Object.keys(span.attributes)).length;
  return { spans: expected.length, attributes, added: 0, faults };
}

interface Place {
  readonly path: string;
  /** Whether the value is a map of attributes. */
  readonly isAttribute: boolean;
  readonly tolerance: Tolerance;
  readonly tally: { attributes: number; added: number; faults: string[] };
}

function compareValue(expected: unknown, held: unknown, place: Place): void {
  const { path, tolerance, tally } = place;
  if (typeof expected === 'bigint' && typeof held === 'bigint') {
    const apart = expected > held ? expected - held : held - expected;
    if (apart > (tolerance.timeStepNs ?? 0n)) tally.faults.push(`${path}: ${held} instead of ${expected}`);
    return;
  }
  if (place.isAttribute || !isObject(expected) || !isObject(held)) {
    if (textOf(expected) !== textOf(held)) {
      tally.faults.push(
        `${path}: ${textOf(held).slice(0, 200)} instead of ${textOf(expected).slice(0, 200)}`,
      );
    }
    return;
  }
  const isAttributes = path.endsWith('.attributes');
  for (const key of new Set([...Object.keys(expected), ...Object.keys(held)])) {
    if (isAttributes && !(key in expected) && tolerance.adds?.test(key) === true) {
      tally.added += 1;
      continue;
    }
    if (isAttributes) tally.attributes += 1;
    compareValue(expected[key], held[key], { ...place, path: `${path}.${key}`, isAttribute: isAttributes });
  }
}

function shapesOf(spans: readonly HeldSpan[], adds: RegExp | undefined): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const pathOf = (span: HeldSpan): string => {
    const parent = byId.get(span.parentSpanId ?? '');
    return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  return spans.map((span) => {
    const keys = Object.entries(span.attributes).filter(([key]) => adds?.test(key) !== true);
    const attributes = keys.map(([key, value]) => `${key}: ${typeOf(value)}`).toSorted();
    const events = (span.events ?? []).map(({ name }) => name);
    const { kind, statusCode, statusMessage, links } = span;
    return JSON.stringify([pathOf(span), kind, statusCode, statusMessage, events, links?.length, attributes]);
  });
}

function idOf({ traceId, spanId }: HeldSpan): string {
  return `${traceId} ${spanId}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function typeOf(value: AttributeValue): string {
  return Array.isArray(value) ? `${typeof value[0]}[]` : typeof value;
}

function textOf(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
