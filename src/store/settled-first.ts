import type { Store } from './store.js';

/** Calls that write: these fail when what waits cannot be worked out, while reads answer without it. */
const WRITES: ReadonlySet<string> = new Set(['append', 'appendLogs', 'reindex', 'pin', 'remove']);

/** The same store, of which every call first works out what still waits. */
export function settledFirst(store: Store, settle: () => void): Store {
  const settled: Record<string, unknown> = { ...store };
  for (const [name, method] of Object.entries(store)) {
    if (typeof method !== 'function') continue;
    settled[name] = async (...args: unknown[]): Promise<unknown> => {
      try {
        settle();
      } catch (error) {
        // A full disk must not keep what is there from being read.
        if (WRITES.has(name)) throw error;
      }
      return Reflect.apply(method, store, args);
    };
  }
  // Every call takes and returns what it did.
  return settled as unknown as Store;
}
