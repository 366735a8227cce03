import { AsyncLocalStorage } from 'node:async_hooks';
import type { CustomSdk, Unpatch } from '../../src/instrument/call-mapper.js';
import { runFollowing } from '../../src/instrument/following-context.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod, type Caller } from '../../src/instrument/patch-sdk.js';
import { fieldsOf } from '../../src/instrument/read.js';
import {
  contextOf,
  isNewTrace,
  spanEnded,
  spanStarted,
  traceEnded,
  traceFailed,
  traceStarted,
} from './live-spans.js';
import type { SdkContext, SdkSpan, SdkStorage, SdkTrace } from './sdk-types.js';

/** Where later versions of the SDK keep their storage, so that copies of it share one. */
const STORAGE = Symbol.for('openai.agents.core.asyncLocalStorage');
const followed = new WeakSet<object>();

export const definition: CustomSdk = {
  patchModule: (moduleExports) => patchTracing(moduleExports),
  patchClient: (sdk) => patchTracing(sdk),
};

/**
 * The SDK tells processors of a span too late for a context: the one before ours may have made it wait. So the methods that
 * tell them are watched. What is switched off in the SDK is of classes that have methods of their own.
 */
function patchTracing(moduleExports: unknown): Unpatch[] {
  const { Span, Trace, getCurrentTrace } = fieldsOf(moduleExports);
  if (typeof Span !== 'function' || typeof Trace !== 'function' || typeof getCurrentTrace !== 'function') {
    return [];
  }
  if (!follow(storageOf(getCurrentTrace as () => unknown))) return [];
  return [
    ...patchMethod(
      Span.prototype,
      'start',
      before((span) => (follow(sharedStorage()), spanStarted(span as SdkSpan))),
    ),
    ...patchMethod(
      Span.prototype,
      'end',
      before((span) => spanEnded(span as SdkSpan)),
    ),
    ...patchMethod(
      Trace.prototype,
      'start',
      before((trace) => traceStarted(trace as SdkTrace)),
    ),
    ...patchMethod(
      Trace.prototype,
      'end',
      before((trace) => traceEnded(trace as SdkTrace)),
    ),
  ];
}

function before(tell: (target: unknown) => void): Caller {
  return (target, args, original) => {
    guard('trace of an agent', () => tell(target));
    return Reflect.apply(original, target, args);
  };
}

/**
 * Makes our active context follow the SDK's current span wherever the SDK runs something.
 * @returns false when the storage has no known shape.
 */
function follow(storage: unknown): boolean {
  if (typeof storage !== 'object' || storage === null) return false;
  if (followed.has(storage)) return true;
  const { run } = storage as SdkStorage;
  if (typeof run !== 'function') return false;
  followed.add(storage);
  const following = {
    run(this: unknown, store: unknown, fn: (...args: unknown[]) => unknown, ...args: unknown[]): unknown {
      const inside = (...given: unknown[]): unknown =>
        runFollowing(
          () => contextOf(fieldsOf(store) as SdkContext),
          () => fn(...given),
        );
      const context = fieldsOf(store) as SdkContext;
      const traceId = isNewTrace(context) ? context.trace?.traceId : undefined;
      const result = Reflect.apply(run, this, [store, inside, ...args]);
      // The SDK follows the promise that it gets, so this side branch hides no rejection.
      if (traceId !== undefined && result instanceof Promise)
        result.catch((error: unknown) => traceFailed(traceId, error));
      return result;
    },
  }.run;
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.defineProperty(storage, 'run', { value: following, ...hidden });
  return true;
}

/** The storage of one copy of the SDK. It is nowhere to be found in early versions, but is asked when the SDK is. */
function storageOf(getCurrentTrace: () => unknown): unknown {
  const { prototype } = AsyncLocalStorage;
  const original = Object.getOwnPropertyDescriptor(prototype, 'getStore');
  if (original?.configurable !== true) return sharedStorage();
  const getStore = original.value as () => unknown;
  const asked: unknown[] = [];
  function watched(this: unknown): unknown {
    asked.push(this);
    return Reflect.apply(getStore, this, []);
  }
  // For this one call, which is synchronous.
  Object.defineProperty(prototype, 'getStore', { ...original, value: watched });
  try {
    getCurrentTrace();
  } finally {
    Object.defineProperty(prototype, 'getStore', original);
  }
  return asked[0] ?? sharedStorage();
}

/** The program may put a storage of its own in this place at any time. */
function sharedStorage(): unknown {
  return (globalThis as { [STORAGE]?: unknown })[STORAGE];
}
