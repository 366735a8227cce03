import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_SPOOR_AMENDMENT_TARGET,
  ATTR_SPOOR_OBSERVATION_TYPE,
  SCOPE_SPOOR,
} from '../../semconv/spoor-attributes.js';

/** What a span stands for: also what the mask is told about the place of a text. */
export type SpanConcept = 'session' | 'step' | 'observation' | 'amendment';

/** Reads the concept off a span of any origin; spans of others are observations. */
export function spanConcept(
  span: Pick<ReadableSpan, 'name' | 'attributes' | 'instrumentationScope'>,
): SpanConcept {
  if (span.attributes[ATTR_SPOOR_AMENDMENT_TARGET] !== undefined) return 'amendment';
  if (span.instrumentationScope.name !== SCOPE_SPOOR) return 'observation';
  const word = /^(session|step)\b/.exec(span.name)?.[1];
  const isConcept = word !== undefined && span.attributes[ATTR_SPOOR_OBSERVATION_TYPE] === undefined;
  return isConcept ? (word as 'session' | 'step') : 'observation';
}
