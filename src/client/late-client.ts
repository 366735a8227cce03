import { lateModule } from '../shared/late.js';
import type * as ClientNamespace from './spoor-client.js';

const load = lateModule<typeof ClientNamespace>('./spoor-client.js', import.meta.url);

/** A client of a translator's API. */
export type SpoorClient = ClientNamespace.SpoorClient;

/** The class that stands in must be no class itself: the `prototype` of one cannot be another's. */
function standIn(): void {
  // Never called: the class behind it is.
}

/**
 * The class of `spoor/client`, loaded with the first use: most programs that are traced read nothing back.
 * @throws SpoorError SPOOR_OPTION_UNKNOWN or SPOOR_OPTION_INVALID
 * @example
 * const client = new SpoorClient({ baseUrl: 'http://127.0.0.1:4318' });
 * client.close();
 */
export const SpoorClient: typeof ClientNamespace.SpoorClient = new Proxy(
  standIn as unknown as typeof ClientNamespace.SpoorClient,
  {
    construct: (_, args: unknown[], newTarget) => {
      const real = load().SpoorClient;
      return Reflect.construct(real, args, newTarget === SpoorClient ? real : newTarget) as object;
    },
    apply: (_, thisArg, args: unknown[]): unknown =>
      Reflect.apply(load().SpoorClient as unknown as () => unknown, thisArg, args),
    get: (_, key): unknown => Reflect.get(load().SpoorClient, key),
    has: (_, key) => Reflect.has(load().SpoorClient, key),
  },
);
