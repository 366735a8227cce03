import type { JsonObject, JsonValue } from '../model/json.js';
import type { GenericPart, MessagePart } from '../model/message.js';
import type { Observation } from '../model/observation.js';
import type { ObservationFacts } from './dialect.js';

/** What a writer takes: a record, or the facts that were read of a span. */
export type Writable = Observation | ObservationFacts;

/** Attributes on their way out; one that is undefined is not written. */
export type Fields = { [key: string]: JsonValue | undefined };

/** JSON text; undefined stays undefined. */
export function json(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** Text as it is, everything else as JSON. */
export function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : json(value);
}

/** What an attribute can hold: objects and lists as JSON, other values as they are. */
export function flat(value: JsonValue): JsonValue {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** The attributes that have a value. */
export function defined(fields: Fields): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

/** The observation without some of its fields: those that a vocabulary has names of its own for. */
export function without(observation: Writable, fields: readonly (keyof Observation)[]): ObservationFacts {
  const kept = { ...observation };
  for (const field of fields) delete (kept as Partial<Observation>)[field];
  return kept;
}

/** A part by its keys, whatever its type: parts are JSON, which their types are too narrow to say. */
export function keysOf(part: MessagePart): GenericPart {
  return part as GenericPart;
}
