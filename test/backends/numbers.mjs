// Numbers that a double has and JSON, or a 64-bit integer, has not: one of them must not take its whole batch along.
import { trace } from '@opentelemetry/api';

const numbers = {
  'not a number': Number.NaN,
  'more than all': Number.POSITIVE_INFINITY,
  'less than all': Number.NEGATIVE_INFINITY,
  'beyond 64 bits': 1.7e308,
  'the first beyond 64 bits': 2 ** 63,
  'negative zero': -0,
};
const tracer = trace.getTracer('numbers');
for (const [name, value] of Object.entries(numbers)) {
  // Spans without a name of the conventions would stay in the program.
  const attributes = { 'gen_ai.operation.name': 'invoke_agent', 'app.number': value, 'app.list': [1, value] };
  tracer.startSpan(name, { attributes }).end();
}
