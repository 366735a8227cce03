// Numbers that a double has and JSON, or a 64-bit integer, has not: one of them must not take its whole batch along.
import { withObservation } from 'spoor';

const numbers = {
  'not a number': Number.NaN,
  'more than all': Number.POSITIVE_INFINITY,
  'less than all': Number.NEGATIVE_INFINITY,
  'beyond 64 bits': 1.7e308,
  'the first beyond 64 bits': 2 ** 63,
  'negative zero': -0,
};
for (const [name, value] of Object.entries(numbers)) {
  await withObservation({ type: 'tool', name }, (observation) => {
    observation.span?.setAttribute('app.number', value);
  });
}
