/** A set that forgets its oldest members. */
export interface BoundedSet<T> {
  readonly size: number;
  /** True when the value was not in it. */
  add(value: T): boolean;
}

/** Remembers at least the newest `capacity` values, and at most twice as many. */
export function bounded<T>(capacity: number): BoundedSet<T> {
  // Two generations: taking the oldest out of a large set one by one is slow.
  let young = new Set<T>();
  let old = new Set<T>();
  return {
    get size() {
      return young.size + old.size;
    },
    add(value) {
      if (young.has(value)) return false;
      const isNew = !old.delete(value);
      young.add(value);
      if (young.size >= capacity) {
        old = young;
        young = new Set();
      }
      return isNew;
    },
  };
}
