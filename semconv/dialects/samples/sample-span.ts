import type { DialectSpan } from '../dialect.js';

/** A span for a sample: what it leaves out is empty. */
export function sampleSpan(span: Partial<DialectSpan> & Pick<DialectSpan, 'name' | 'scope'>): DialectSpan {
  return {
    traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
    spanId: '051581bf3cb55c13',
    kind: 1,
    attributes: {},
    events: [],
    links: [],
    statusCode: 0,
    resource: { attributes: { 'service.name': 'support-desk' } },
    ...span,
  };
}
