import { createAttributeReader } from './attribute-reader.js';
import type { Dialect } from './dialect.js';
import { present } from './present.js';
import { readContext } from './read-context.js';
import type { ObservationFacts } from './dialect.js';
import { PLAIN_SAMPLES } from './samples/plain-samples.js';

/**
 * Any other span: HTTP, database, the app's own. It claims nothing, and reads what no dialect claims. Where it belongs is
 * read from what was stamped on it; everything else is kept as it is.
 */
export const plainDialect: Dialect = {
  name: 'plain',
  matches: () => false,
  read(span) {
    const reader = createAttributeReader(span.attributes);
    const context = readContext(span, reader);
    return {
      concept: 'observation',
      observation: present<ObservationFacts>({
        ...context,
        name: span.name,
        type: 'SPAN',
        attributes: reader.rest(),
      }),
    };
  },
  samples: PLAIN_SAMPLES,
};
