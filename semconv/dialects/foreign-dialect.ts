import { createAttributeReader, type AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { dialectNameOf } from './dialect-marks.js';
import { present } from './present.js';

/** A dialect without sessions, steps and amendments: every span is an observation, and keeps what was not understood. */
export function createForeignDialect(
  name: string,
  samples: Dialect['samples'],
  read: (span: DialectSpan, reader: AttributeReader) => ObservationFacts,
  writer: Pick<Dialect, 'write' | 'writeSession'> = {},
): Dialect {
  return {
    name,
    matches: (span) => dialectNameOf(span) === name,
    read(span) {
      const reader = createAttributeReader(span.attributes);
      const facts = read(span, reader);
      const rest = reader.rest();
      return {
        concept: 'observation',
        observation: rest === undefined ? facts : { ...facts, attributes: rest },
      };
    },
    ...writer,
    samples,
  };
}

/** Facts with others over them, where those are said. Parameters of both are kept. */
export function withFacts(
  facts: ObservationFacts,
  others: { [K in keyof ObservationFacts]?: ObservationFacts[K] | undefined },
): ObservationFacts {
  const both = facts.parameters !== undefined && others.parameters !== undefined;
  return {
    ...facts,
    ...present<Partial<ObservationFacts>>(others),
    ...(both ? { parameters: { ...others.parameters, ...facts.parameters } } : {}),
  };
}
