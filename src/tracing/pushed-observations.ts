import { trace, type Context } from '@opentelemetry/api';
import { activeContext, enterContext, enteredContext } from './active-context.js';
import { PUSHED_KEY } from './context-keys.js';
import { warnOnce } from './diag.js';
import { guarded } from './guarded.js';
import {
  startObservation,
  type ObservationFields,
  type ObservationHandle,
  type ObservationOptions,
} from './observation.js';
import { contextWithScope, scopeOf, type ScopeObservation } from './scope.js';

/**
 * Observations that are pushed and popped by hand. They form no stack of the process but a chain in the async context: each
 * branch sees what was pushed on its own way, and an end holds everywhere at once, in whatever order it comes.
 */
interface Pushed extends ScopeObservation {
  readonly handle: ObservationHandle;
  readonly previous: Pushed | undefined;
}

const known = new WeakMap<ObservationHandle, Pushed>();

/** Starts an observation and makes it the parent of what follows in this async context. */
export function pushObservation(options: ObservationOptions = {}): ObservationHandle {
  const handle = startObservation(options);
  return guarded('pushObservation', handle, () => {
    const outer = activeContext();
    const inside = handle.run(activeContext);
    const span = trace.getSpan(inside);
    if (span === undefined) return handle;
    const end = (work: () => void): void => {
      pushed.ended = true;
      work();
    };
    const pushed: Pushed = {
      span,
      ended: false,
      previous: openIn(outer),
      handle: {
        ...handle,
        end: (fields) => end(() => handle.end(fields)),
        fail: (error, fields) => end(() => handle.fail(error, fields)),
      },
    };
    known.set(pushed.handle, pushed);
    const { session, step, event } = scopeOf(outer) ?? {};
    const scope = { session, step, event, observation: pushed, outer };
    enterContext(contextWithScope(inside, scope, span).setValue(PUSHED_KEY, pushed));
    return pushed.handle;
  });
}

/** Ends the newest one that is open in this async context, or the given one. */
export function popObservation(
  which?: ObservationHandle | string,
  fields: ObservationFields = {},
): ObservationHandle | undefined {
  return guarded('popObservation', undefined, () => {
    const pushed = find(which);
    if (pushed === undefined) {
      warnOnce('pop-none', 'popObservation: no such observation is open here');
      return undefined;
    }
    pushed.handle.end(fields);
    return pushed.handle;
  });
}

function find(which: ObservationHandle | string | undefined): Pushed | undefined {
  if (typeof which === 'object') {
    const pushed = known.get(which);
    return pushed?.ended === true ? undefined : pushed;
  }
  let pushed = openIn(enteredContext());
  if (which === undefined) return pushed;
  while (pushed !== undefined && (pushed.ended || pushed.handle.id !== which)) pushed = pushed.previous;
  return pushed;
}

function openIn(context: Context): Pushed | undefined {
  let pushed = context.getValue(PUSHED_KEY) as Pushed | undefined;
  while (pushed?.ended === true) pushed = pushed.previous;
  return pushed;
}
