import { explain, guard } from './guard.js';
import type { OpenCall } from './open-call.js';
import { isAsyncIterable, observeIterable } from '../tracing/observe-iterable.js';

/** Takes the answer of a call: a stream, an object with a stream in it, or a whole answer. The answer stays as it is. */
export function settle(value: unknown, call: OpenCall): void {
  const stream = call.streamOf(value);
  if (!isAsyncIterable(stream)) {
    call.completed(value);
  } else if (call.startStream()) {
    guard('stream', () => observeIterable(stream, call));
  } else {
    explain(
      'stream of an unexpected call',
      'a call answered with a stream that is not known; its span has no answer',
    );
  }
}
