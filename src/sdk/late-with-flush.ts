import { lateModule } from '../shared/late.js';
import { warnOnce } from '../tracing/diag.js';
import type * as WithFlushNamespace from './with-flush.js';
import type { FlushHandlerOptions } from './with-flush.js';

const load = lateModule<typeof WithFlushNamespace>('./with-flush.js', import.meta.url);

/**
 * A serverless handler whose spans are sent before the platform freezes the process. Without `waitUntil` the promise of the
 * handler settles after the spans were sent, as AWS Lambda needs it; a callback of Lambda's older form is called after them too.
 * What the handler returns, throws or passes to its callback is passed on unchanged.
 *
 * @example
 * export const handler = withFlush(async (event) => runAgent(event));
 * @example
 * import { waitUntil } from '@vercel/functions';
 * export const POST = withFlush(async (request) => Response.json(await runAgent(request)), { waitUntil });
 */
export function withFlush<A extends unknown[], R>(
  handler: (...args: A) => R,
  options: FlushHandlerOptions<A> = {},
): (...args: A) => R {
  try {
    return load().withFlush(handler, options);
  } catch (error) {
    warnOnce('with-flush', 'a handler is left as it is', error);
    return handler;
  }
}
