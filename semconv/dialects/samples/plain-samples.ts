import type { Dialect } from '../dialect.js';
import { sampleSpan } from './sample-span.js';

export const PLAIN_SAMPLES: Dialect['samples'] = [
  {
    title: 'an HTTP client span that was stamped with its session',
    span: sampleSpan({
      name: 'GET',
      kind: 3,
      scope: { name: '@opentelemetry/instrumentation-undici', version: '0.30.0' },
      attributes: {
        'session.id': 'ses_1',
        'spoor.step.id': 'step_1',
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'url.full': 'https://stock.example.com/items/7',
      },
    }),
  },
  {
    title: 'a failed database span',
    span: sampleSpan({
      name: 'SELECT orders',
      kind: 3,
      scope: { name: '@opentelemetry/instrumentation-pg' },
      attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'shop' },
      events: [{ name: 'exception', attributes: { 'exception.type': 'DatabaseError' } }],
      statusCode: 2,
      statusMessage: 'relation "orders" does not exist',
    }),
  },
  {
    title: 'a span of the app without attributes',
    span: sampleSpan({ name: 'refresh cache', scope: { name: 'app' } }),
  },
];
