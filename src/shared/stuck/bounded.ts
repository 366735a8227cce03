/** A set that forgets its oldest members. */
export interface BoundedSet<T> {
  readonly size: number;
  /** True when the value was not in it. */
  add(value: T): boolean;
}

export function bounded<T>(capacity: number): BoundedSet<T> {
  const members = new Set<T>();
  return {
    get size() {
      return members.size;
    },
    add(value) {
      if (members.has(value)) return false;
      members.add(value);
      if (members.size > capacity) {
        for (const oldest of members) {
          members.delete(oldest);
          break;
        }
      }
      return true;
    },
  };
}
