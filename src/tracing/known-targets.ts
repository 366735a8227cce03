/**
 * What can be reached by id in this process. Open ones are kept as long as they are open; of those that ended only the
 * newest are remembered, and of these only what an amendment needs, so that a long-lived process does not grow.
 */
const REMEMBERED = 2000;

/** A copy that leaves out what only matters while the target is open, above all its span with all of its content. */
export type Slim<T> = (target: T) => T;

export interface KnownTargets<T> {
  get(id: string): T | undefined;
  /** Every one that is open, oldest first. */
  open(): T[];
  opened(id: string, target: T): void;
  ended(id: string): void;
  /** Remembers one that is not open here, such as a session of another process. */
  remember(id: string, target: T): void;
}

/** Makes a register of one concept. Whoever holds a target itself keeps all of it. */
export function createKnownTargets<T>(slim: Slim<T>): KnownTargets<T> {
  const open = new Map<string, T>();
  const past = new Map<string, T>();
  const remember = (id: string, target: T): void => {
    past.set(id, target);
    if (past.size <= REMEMBERED) return;
    const oldest = past.keys().next();
    if (!oldest.done) past.delete(oldest.value);
  };
  return {
    get: (id) => open.get(id) ?? past.get(id),
    open: () => [...open.values()],
    opened: (id, target) => {
      open.set(id, target);
    },
    ended: (id) => {
      const target = open.get(id);
      if (target === undefined) return;
      open.delete(id);
      remember(id, slim(target));
    },
    remember,
  };
}
