import type { Context } from '@opentelemetry/api';
import { activeContext, runInContext } from '../tracing/active-context.js';
import { guard } from './guard.js';

/**
 * A context that follows a framework's own: frameworks that keep their current span in a storage of theirs change it
 * without a callback in which ours could be made active. Asked anew at every look; what is derived from it stays as it was
 * then.
 */
class FollowingContext implements Context {
  private readonly base: Context;
  private readonly current: () => Context | undefined;

  constructor(base: Context, current: () => Context | undefined) {
    this.base = base;
    this.current = current;
  }

  getValue(key: symbol): unknown {
    return this.now().getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.now().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.now().deleteValue(key);
  }

  private now(): Context {
    return guard('current span of a framework', this.current) ?? this.base;
  }
}

/** Runs `fn`; the active context in it is the one that `current` says at that time, or the one around when it says none. */
export function runFollowing<R>(current: () => Context | undefined, fn: () => R): R {
  return runInContext(new FollowingContext(activeContext(), current), fn);
}
