/** What it is called with is what a class that extends it adds its private field to. */
const Target = function (target: object): object {
  return target;
} as unknown as new (target: object) => object;

/** A note on an object of somebody else's, which only we can see. */
export interface Mark<V> {
  of(target: unknown): V | undefined;
  /** Puts it on, or another one in its place. Never throws; some objects take none. */
  put(target: object, value: V): void;
}

/**
 * Makes a kind of mark. On the path of every call, hence no WeakMap: each scavenge keeps all values of one alive, also those
 * whose keys are garbage, so that everything a call has made would be copied once before it is collected.
 */
export function createMark<V>(): Mark<V> {
  class Marked extends Target {
    #value: V;

    constructor(target: object, value: V) {
      super(target);
      this.#value = value;
    }

    static of(target: unknown): V | undefined {
      return typeof target === 'object' && target !== null && #value in target ? target.#value : undefined;
    }

    static put(target: object, value: V): void {
      if (#value in target) {
        target.#value = value;
        return;
      }
      try {
        void new Marked(target, value);
      } catch {
        // An engine that lets nobody add to an object that is not extensible.
      }
    }
  }
  return Marked;
}
