import type { Observation } from '../../semconv/model/observation.js';
import type { AttributeValue, SpanRecord } from '../otlp/records.js';
import type { SearchQuery } from './store.js';

/** True when an observation is what a search asks for; its words and attributes are not looked at. */
export function matchesObservation(observation: Observation, query: SearchQuery): boolean {
  const { sessionId, type, name, model, status } = query;
  return (
    (sessionId === undefined || observation.sessionId === sessionId) &&
    (type === undefined || observation.type === type) &&
    (name === undefined || observation.name === name) &&
    (status === undefined || observation.status === status) &&
    (model === undefined || observation.requestModel === model || observation.responseModel === model)
  );
}

/** True when a span was received with all of these attributes. */
export function hasAttributes(
  { attributes }: Pick<SpanRecord, 'attributes'>,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(wanted ?? {}).every(([key, text]) => {
    const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    return value !== undefined && asText(value) === text;
  });
}

function asText(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
