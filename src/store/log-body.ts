import type { AttributeValue, LogRecord } from '../otlp/records.js';
import {
  packAttributes,
  revive,
  reviveOwner,
  unpackAttributes,
  type Contents,
  type PackedAttributes,
  type PackedSpan,
} from './span-body.js';

const LARGE_BODY = 512;

interface Body extends Omit<
  LogRecord,
  'timeUnixNano' | 'observedTimeUnixNano' | 'body' | 'attributes' | 'resource' | 'scope'
> {
  time: string;
  seen: string;
  /** The body itself, or the id of a content that is its JSON. */
  body?: AttributeValue;
  large?: number;
  at: PackedAttributes;
  resource: number;
  scope: number;
}

/** A log record → its row. */
export function packLog(log: LogRecord, contents: Contents): PackedSpan {
  const refs = new Set<number>();
  const put = (text: string): number => {
    const id = contents.put(text);
    refs.add(id);
    return id;
  };
  const { timeUnixNano, observedTimeUnixNano, body, attributes, resource, scope, ...rest } = log;
  const packed: Body = {
    ...rest,
    time: timeUnixNano.toString(),
    seen: observedTimeUnixNano.toString(),
    at: packAttributes(attributes, put),
    resource: contents.putOwner(resource),
    scope: contents.putOwner(scope),
  };
  refs.add(packed.resource).add(packed.scope);
  const json = body === null ? '' : JSON.stringify(body);
  if (json.length > LARGE_BODY) packed.large = put(json);
  else if (body !== null) packed.body = body;
  return { body: JSON.stringify(packed), refs: [...refs] };
}

/** A row → the record, exactly as it was. */
export function unpackLog(json: string, contents: Pick<Contents, 'get'>): LogRecord {
  const { time, seen, body, large, at, resource, scope, ...rest } = JSON.parse(json) as Body;
  const said = large === undefined ? (body ?? null) : (JSON.parse(contents.get(large)) as AttributeValue);
  return {
    ...rest,
    timeUnixNano: BigInt(time),
    observedTimeUnixNano: BigInt(seen),
    body: revive(said),
    attributes: unpackAttributes(at, contents),
    resource: reviveOwner(contents.get(resource)) as LogRecord['resource'],
    scope: reviveOwner(contents.get(scope)) as LogRecord['scope'],
  };
}
