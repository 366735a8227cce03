import { activeContext, runInContext } from '../tracing/active-context.js';
import { guard } from './guard.js';
import { settle } from './settle.js';
import { startCall, type TracedMethod } from './trace-call.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Calls the SDK's own method, which tells its end to a callback `(error, value)`, with a span around it when one is wanted.
 * `place` is the index of the callback among the arguments. The callback gets what it would get, in the context of the
 * caller: what the program does there is not part of the call.
 */
export function traceCallback(
  traced: TracedMethod,
  original: Method,
  resource: unknown,
  args: unknown[],
  place: number,
): unknown {
  const parent = activeContext();
  const call = guard('call start', () => startCall(traced, resource, args, parent));
  if (call === undefined) return Reflect.apply(original, resource, args);
  const callback = args[place] as Method;
  const watch = function (this: unknown, ...outcome: unknown[]): unknown {
    const [error, value] = outcome;
    if (error === null || error === undefined) guard('callback', () => settle(value, call));
    else call.failed(error);
    return runInContext(parent, callback, this, ...outcome);
  };
  call.watchServer(traced.clientOf(resource));
  let result: unknown;
  try {
    result = runInContext(call.context, original, resource, ...args.with(place, watch));
  } catch (error) {
    call.failed(error);
    throw error;
  }
  call.captureInput(args);
  call.watchSignal(args);
  return result;
}
