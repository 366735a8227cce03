import { guard } from '../../src/instrument/guard.js';
import { traceCall } from '../../src/instrument/trace-call.js';
import { chatMethod, type Run } from './run.js';
import type { Model, TelemetrySettings } from './sdk-types.js';

/** The run that a model is called in: it begins after the model was handed over. */
export interface RunHolder {
  run: Run | undefined;
  telemetry: TelemetrySettings;
}
type Method = (this: unknown, ...args: unknown[]) => unknown;
type Caller = (...args: unknown[]) => unknown;

/** A model that traces its calls → the program's model. */
const originals = new WeakMap<object, object>();

/**
 * A stand-in for a model in one run. The program's model stays as it is, whoever else uses it; the package gets this one in
 * its place, and it does nothing but note what goes through `doGenerate` and `doStream`.
 */
export function tracedModel<T>(model: T, holder: RunHolder): T {
  if (typeof model !== 'object' || model === null) return model;
  if (originals.has(model)) return model;
  const source: object & Model = model;
  const methods = new Map<PropertyKey, Caller>();
  const callerOf = (key: 'doGenerate' | 'doStream', method: Method): Caller => {
    const known = methods.get(key);
    if (known !== undefined) return known;
    const caller: Caller = (...args) => callModel(source, method, args, key === 'doStream', holder);
    methods.set(key, caller);
    return caller;
  };
  // The target is no model, so that a frozen one makes no difference. Its fields are read with itself as `this`.
  const standIn = new Proxy(
    {},
    {
      get(_target, key) {
        const value: unknown = Reflect.get(source, key, source);
        const isCall = (key === 'doGenerate' || key === 'doStream') && typeof value === 'function';
        return isCall ? callerOf(key, value as Method) : value;
      },
      has: (_target, key) => Reflect.has(source, key),
      set: (_target, key, value) => Reflect.set(source, key, value, source),
      getPrototypeOf: () => Reflect.getPrototypeOf(source),
    },
  );
  originals.set(standIn, source);
  return standIn as T;
}

/** The program's own model behind a stand-in. */
export function originalModel(model: unknown): unknown {
  return typeof model === 'object' && model !== null ? (originals.get(model) ?? model) : model;
}

function callModel(
  model: object,
  method: Method,
  args: unknown[],
  isStream: boolean,
  { run, telemetry }: RunHolder,
): unknown {
  const traced = guard('model call', () => chatMethod(run, telemetry, isStream));
  if (traced === undefined) return Reflect.apply(method, model, args);
  const call = (): unknown => traceCall(traced, method, model, args);
  return run === undefined ? call() : run.span.run(call);
}
