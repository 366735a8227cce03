import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, trace, type Context, type ContextManager, type Span } from '@opentelemetry/api';
import { runPendingStart } from '../shared/pending-start.js';
import { sessionInBaggage } from './baggage.js';
import { SCOPE_KEY } from './context-keys.js';
import { isIsolated } from './provider.js';
import { liveContext, scopeOf } from './scope.js';

/**
 * The active context. A global context manager is used when the app has one, so that our spans and its spans nest. We never
 * register one: a second registration fails, and it would be the app's that fails. An AsyncLocalStorage of our own runs
 * beside it: it carries everything when there is no manager, and what was opened without a callback (`startSession`,
 * `createStep`) when there is one. On the path of every call, hence the direct look at the API's global.
 */
const API_GLOBAL = Symbol.for('opentelemetry.js.api.1');

/** Our newest context, and the manager's active span when it was set: while that span is active, ours is the newest. */
interface Entry {
  readonly context: Context;
  readonly under: Span | undefined;
}
const storage = new AsyncLocalStorage<Entry | undefined>();
/** False until something was entered through our storage: with a manager and without sessions it is never asked. */
let isUsed = false;

function ownEntry(): Entry | undefined {
  return isUsed ? storage.getStore() : undefined;
}

function globalContextManager(): ContextManager | undefined {
  if (isIsolated()) return undefined;
  return (globalThis as { [API_GLOBAL]?: { context?: ContextManager } })[API_GLOBAL]?.context;
}

let base: (() => Context) | undefined;

/** Sets the context that holds where nothing was entered: a session that is the whole process. */
export function setBaseContext(context: (() => Context) | undefined): void {
  base = context;
}

/** The context that the next span is started in. Never throws. */
export function activeContext(): Context {
  runPendingStart();
  const context = enteredContext();
  if (base === undefined || scopeOf(context) !== undefined) return context;
  return sessionInBaggage(context) === undefined ? withBase(context, base()) : context;
}

/** Inside a span of the app, that span stays the parent. */
function withBase(context: Context, outermost: Context): Context {
  if (context === ROOT_CONTEXT) return outermost;
  const scope = scopeOf(outermost);
  return scope === undefined ? context : context.setValue(SCOPE_KEY, scope);
}

/** The context that the program, or we, entered: the root context when there is none. */
export function enteredContext(): Context {
  const entry = ownEntry();
  const manager = globalContextManager();
  if (manager === undefined) return entry === undefined ? ROOT_CONTEXT : liveContext(entry.context);
  const active = manager.active();
  if (entry === undefined || entry.context === active) return liveContext(active);
  if (trace.getSpan(active) === entry.under) return liveContext(entry.context);
  // The app opened a span of its own since: it is the parent, and our scope still holds.
  const scope = scopeOf(liveContext(entry.context));
  return scope === undefined ? active : active.setValue(SCOPE_KEY, scope);
}

/** Runs `fn` with `context` active, and returns what it returns. */
export function runInContext<A extends unknown[], R>(
  context: Context,
  fn: (...args: A) => R,
  thisArg?: unknown,
  ...args: A
): R {
  return applyInContext(context, fn, thisArg, args);
}

/** As `runInContext`, with the arguments as a list: for the path of every call. */
export function applyInContext<A extends unknown[], R>(
  context: Context,
  fn: (...args: A) => R,
  thisArg: unknown,
  args: A,
): R {
  const manager = globalContextManager();
  if (manager !== undefined && isNewsToNobody(context))
    return runInManager(manager, context, fn, thisArg, args);
  isUsed = true;
  const entry: Entry = { context, under: trace.getSpan(context) };
  const run = (): R => storage.run(entry, () => Reflect.apply(fn, thisArg, args));
  return manager === undefined ? run() : manager.with(context, run);
}

/** True when our storage would say no more than the manager does: outside of sessions and steps a call is run once, not twice. */
function isNewsToNobody(context: Context): boolean {
  return ownEntry() === undefined && scopeOf(context) === undefined;
}

function runInManager<A extends unknown[], R>(
  manager: ContextManager,
  context: Context,
  fn: (...args: A) => R,
  thisArg: unknown,
  args: A,
): R {
  return manager.with(context, () => {
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      // What was opened inside without a callback ends with it, as it would have in a storage of its own.
      if (ownEntry() !== undefined) storage.enterWith(undefined);
    }
  });
}

/** What Node 26 added to AsyncLocalStorage: a store that holds until the scope is disposed of. */
interface ScopedStorage {
  withScope?(store: unknown): { [Symbol.dispose](): void };
}

/**
 * Makes `context` active until the scope is disposed of: for callers that get no callback. Where Node cannot do that, or the
 * app's context manager cannot, that part of the context stays as it was.
 */
export function scopeOfContext(context: Context): { [Symbol.dispose](): void } {
  // The managers of OpenTelemetry keep their context in this field.
  const manager = globalContextManager() as { _asyncLocalStorage?: ScopedStorage } | undefined;
  const theirs = manager?._asyncLocalStorage?.withScope?.(context);
  isUsed = true;
  const entry: Entry = { context, under: trace.getSpan(context) };
  const ours = (storage as ScopedStorage).withScope?.(entry);
  return {
    [Symbol.dispose]: () => {
      ours?.[Symbol.dispose]();
      theirs?.[Symbol.dispose]();
    },
  };
}

/** Makes `context` active for the rest of this async context: used by calls that open something without a callback. */
export function enterContext(context: Context): void {
  const manager = globalContextManager();
  const under = manager === undefined ? trace.getSpan(context) : trace.getSpan(manager.active());
  isUsed = true;
  storage.enterWith({ context, under });
}

/**
 * The context whose scope a new span belongs to. A span of the app is started in the app's own context, which does not
 * know what was opened without a callback, or knows nothing at all when the app has no context manager. When that context
 * is the active one, what we know of it counts.
 */
export function contextOfStart(parentContext: Context): Context {
  const manager = globalContextManager();
  const isActive = parentContext === (manager === undefined ? ROOT_CONTEXT : manager.active());
  return isActive ? activeContext() : parentContext;
}
