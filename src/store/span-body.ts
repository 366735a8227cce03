import type { Attributes, AttributeValue, EventRecord, LinkRecord, SpanRecord } from '../otlp/records.js';
import { splitJsonList } from './split-json-list.js';

/** Where large texts are kept once, however often they are sent. */
export interface Contents {
  /** The number of a text; it is kept when it is new. */
  put(text: string): number;
  /** The same for a resource or a scope, which many spans share. */
  putOwner(owner: object): number;
  get(id: number): string;
}

/** A span as one row: text, and the contents that it needs. */
export interface PackedSpan {
  body: string;
  refs: number[];
}

/**
 * How a large value was taken apart: `t` one text, `l` the items of a JSON list that was sent as text, `a` the items of a
 * list, `j` any other value. A number is the id of a content, a string is the item itself.
 */
type Large = ['t' | 'j', number] | ['l' | 'a', (number | string)[]];
export interface PackedAttributes {
  a: Attributes;
  x?: { [key: string]: Large };
}
interface Body extends Omit<
  SpanRecord,
  | 'startTimeUnixNano'
  | 'endTimeUnixNano'
  | 'attributes'
  | 'events'
  | 'links'
  | 'resource'
  | 'scope'
  | 'traceId'
  | 'spanId'
> {
  start: string;
  end: string;
  at: PackedAttributes;
  events?: (Omit<EventRecord, 'timeUnixNano' | 'attributes'> & { time: string; at: PackedAttributes })[];
  links?: LinkRecord[];
  resource: number;
  scope: number;
}

const LARGE_VALUE = 512;
const LARGE_ITEM = 128;

/** A span → its row. */
export function packSpan(span: SpanRecord, contents: Contents): PackedSpan {
  const refs = new Set<number>();
  const put = (text: string): number => {
    const id = contents.put(text);
    refs.add(id);
    return id;
  };
  const {
    startTimeUnixNano,
    endTimeUnixNano,
    attributes,
    events,
    links,
    resource,
    scope,
    traceId: _t,
    spanId: _s,
    ...rest
  } = span;
  const body: Body = {
    ...rest,
    start: startTimeUnixNano.toString(),
    end: endTimeUnixNano.toString(),
    at: packAttributes(attributes, put),
    resource: contents.putOwner(resource),
    scope: contents.putOwner(scope),
  };
  refs.add(body.resource).add(body.scope);
  if (events.length > 0) {
    body.events = events.map(({ timeUnixNano, attributes: said, ...event }) => ({
      ...event,
      time: timeUnixNano.toString(),
      at: packAttributes(said, put),
    }));
  }
  if (links.length > 0) body.links = links;
  return { body: JSON.stringify(body), refs: [...refs] };
}

/** Attributes, their large values taken out. */
export function packAttributes(attributes: Attributes, put: (text: string) => number): PackedAttributes {
  let packed: PackedAttributes | undefined;
  for (const key of Object.keys(attributes)) {
    const large = takeApart(attributes[key] as AttributeValue, put);
    if (large === undefined) continue;
    packed ??= { a: Object.assign(bare(), attributes), x: Object.create(null) as { [key: string]: Large } };
    // The key stays, to keep its place among the others.
    packed.a[key] = null;
    (packed.x as { [key: string]: Large })[key] = large;
  }
  return packed ?? { a: attributes };
}

function takeApart(value: AttributeValue, put: (text: string) => number): Large | undefined {
  if (typeof value === 'string') {
    if (value.length < LARGE_VALUE || !isStorable(value)) return undefined;
    const items = splitJsonList(value);
    return items === undefined ? ['t', put(value)] : ['l', items.map((item) => packItem(item, put))];
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(item));
    const length = items.reduce((sum, item) => sum + item.length, 0);
    return length < LARGE_VALUE ? undefined : ['a', items.map((item) => packItem(item, put))];
  }
  const json = JSON.stringify(value);
  return json.length < LARGE_VALUE ? undefined : ['j', put(json)];
}

function packItem(item: string, put: (text: string) => number): number | string {
  return item.length < LARGE_ITEM ? item : put(item);
}

/** Lone surrogates and NUL do not come back from a database as they went in; JSON says them by escapes. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** A row → the span, exactly as it was. */
export function unpackSpan(
  traceId: string,
  spanId: string,
  json: string,
  contents: Pick<Contents, 'get'>,
): SpanRecord {
  const { start, end, at, events, links, resource, scope, ...rest } = JSON.parse(json) as Body;
  return {
    ...rest,
    traceId,
    spanId,
    startTimeUnixNano: BigInt(start),
    endTimeUnixNano: BigInt(end),
    attributes: unpackAttributes(at, contents),
    events: (events ?? []).map(({ time, at: said, ...event }) => ({
      ...event,
      timeUnixNano: BigInt(time),
      attributes: unpackAttributes(said, contents),
    })),
    links: (links ?? []).map((link) => ({ ...link, attributes: revive(link.attributes) as Attributes })),
    resource: reviveOwner(contents.get(resource)) as SpanRecord['resource'],
    scope: reviveOwner(contents.get(scope)) as SpanRecord['scope'],
  };
}

/** A resource or a scope as it was. */
export function reviveOwner(json: string): { attributes?: Attributes } {
  const owner = JSON.parse(json) as { attributes?: Attributes };
  if (owner.attributes !== undefined) owner.attributes = revive(owner.attributes) as Attributes;
  return owner;
}

/** Attributes as they were. */
export function unpackAttributes({ a, x }: PackedAttributes, contents: Pick<Contents, 'get'>): Attributes {
  const attributes = revive(a) as Attributes;
  for (const key of Object.keys(x ?? {}))
    attributes[key] = putTogether((x as { [key: string]: Large })[key] as Large, contents);
  return attributes;
}

function putTogether([form, said]: Large, contents: Pick<Contents, 'get'>): AttributeValue {
  if (typeof said === 'number') {
    const text = contents.get(said);
    return form === 't' ? text : revive(JSON.parse(text) as AttributeValue);
  }
  const json = `[${said.map((item) => (typeof item === 'number' ? contents.get(item) : item)).join(',')}]`;
  return form === 'l' ? json : revive(JSON.parse(json) as AttributeValue);
}

/** Objects without a prototype again, as the decoders make them. */
export function revive(value: AttributeValue): AttributeValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => revive(item));
  const object = bare();
  for (const key of Object.keys(value)) object[key] = revive(value[key] as AttributeValue);
  return object;
}

function bare(): Attributes {
  return Object.create(null) as Attributes;
}
