import { types } from 'node:util';
import type { Tracer } from '@opentelemetry/api';
import { appTracer, hasAppProvider } from '../../src/instrument/app-provider.js';
import type { Unpatch } from '../../src/instrument/call-mapper.js';
import { guard } from '../../src/instrument/guard.js';
import { patchMethod } from '../../src/instrument/patch-sdk.js';
import { fieldsOf, textOf, type Fields } from '../../src/instrument/read.js';
import { traceCall } from '../../src/instrument/trace-call.js';
import { isTracedByItself } from './channel.js';
import { originalModel, tracedModel, type RunHolder } from './model.js';
import { createTracer } from './tracer.js';
import type { FunctionOptions, TelemetrySettings } from './sdk-types.js';
import { VALUE_METHODS } from './value-calls.js';

/**
 * Majors 5 and 6 have no channel. Their functions are the only place where every run comes by, so the program gets functions
 * of the same name that hand the package a tracer and a model that notes its calls. What the program gave stays its own.
 */
type Method = (this: unknown, ...args: unknown[]) => unknown;
type Wrap = (original: Method, moduleExports: Fields) => Method;

const RUNS = ['generateText', 'streamText', 'generateObject', 'streamObject'] as const;
const OBJECTS = ['generateObject', 'streamObject'] as const;
const VALUES = ['embed', 'embedMany', 'rerank'] as const;

/** Which functions of a copy are replaced, by what the copy exports. Empty for majors that are not known. */
function wrapsOf(moduleExports: Fields): Readonly<Record<string, Wrap>> {
  const has = (name: string): boolean => typeof moduleExports[name] === 'function';
  // Major 7: its channel says all but this.
  if (has('registerTelemetry')) return Object.fromEntries(OBJECTS.map((name) => [name, wrapObject]));
  if (!has('stepCountIs') || !has('streamText')) return {};
  return {
    ...Object.fromEntries(RUNS.map((name) => [name, wrapRun])),
    ...Object.fromEntries(VALUES.map((name) => [name, wrapValue(name)])),
  };
}

export interface Replaced {
  moduleExports: unknown;
  undo: Unpatch;
}

/**
 * The exports of one copy with traced functions: set in place in an ES module that the hooks opened, else in a copy of the
 * object, because the exports of the package cannot be set.
 */
export function replaceExports(
  given: unknown,
  isCopied: boolean = !types.isProxy(given),
): Replaced | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const moduleExports = given as Fields;
  const wraps = Object.entries(wrapsOf(moduleExports)).filter(([name]) => name in moduleExports);
  if (wraps.length === 0) return undefined;
  const state = { isEnabled: true };
  const replacements: [string, Method, Method][] = wraps.map(([name, wrap]) => {
    const original = moduleExports[name] as Method;
    return [name, original, replacement(original, wrap(original, moduleExports), state)];
  });
  const disable = (): void => void (state.isEnabled = false);
  if (isCopied) return { moduleExports: copyWith(given, replacements), undo: disable };
  for (const [name, , method] of replacements) Reflect.set(given, name, method);
  return {
    moduleExports: given,
    undo() {
      disable();
      for (const [name, original] of replacements) Reflect.set(given, name, original);
    },
  };
}

function copyWith(given: object, replacements: readonly [string, Method, Method][]): object {
  const descriptors: Record<string, PropertyDescriptor> = Object.getOwnPropertyDescriptors(given);
  for (const [name, , value] of replacements) {
    descriptors[name] = { value, enumerable: true, configurable: false, writable: false };
  }
  return Object.create(Object.getPrototypeOf(given) as object | null, descriptors) as object;
}

function replacement(original: Method, traced: Method, state: { readonly isEnabled: boolean }): Method {
  const method = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(state.isEnabled ? traced : original, this, args);
  };
  for (const key of ['name', 'length'] as const) {
    Object.defineProperty(method, key, { value: original[key], configurable: true });
  }
  return method;
}

const wrapRun: Wrap = (original, moduleExports) =>
  function (...args) {
    const options = guard('options', () => tracedOptions(fieldsOf(args[0]), moduleExports));
    return Reflect.apply(original, this, options === undefined ? args : [options, ...args.slice(1)]);
  };

const wrapValue =
  (name: (typeof VALUES)[number]): Wrap =>
  (original) =>
    function (...args) {
      const telemetry: TelemetrySettings = fieldsOf(fieldsOf(args[0])['experimental_telemetry']);
      if (isLeftAlone(telemetry)) return Reflect.apply(original, this, args);
      return traceCall(VALUE_METHODS[name](telemetry), original, this, args);
    };

/** In major 7 only the call of the model can be seen: nothing tells when such a run ends. */
const wrapObject: Wrap = (original, moduleExports) =>
  function (...args) {
    const options = guard('options', () => {
      const given: FunctionOptions = fieldsOf(args[0]);
      const telemetry: TelemetrySettings = fieldsOf(given.telemetry ?? given.experimental_telemetry);
      if (telemetry.isEnabled === false || isTracedByItself()) return undefined;
      const holder: RunHolder = { run: undefined, telemetry };
      return withFields(given, { model: tracedModel(modelOf(given.model, moduleExports), holder) });
    });
    return Reflect.apply(original, this, options === undefined ? args : [options, ...args.slice(1)]);
  };

/** Silence was asked for, or the package's own spans go where ours would go. */
function isLeftAlone({ isEnabled }: TelemetrySettings): boolean {
  return isEnabled === false || (isEnabled === true && hasAppProvider());
}

/** The options of a run with our model and tracer in them; undefined when the run is left alone. */
export function tracedOptions(
  options: FunctionOptions,
  moduleExports: Fields,
  agent?: string,
): object | undefined {
  const telemetry: TelemetrySettings = fieldsOf(options.experimental_telemetry);
  if (isLeftAlone(telemetry) || options.model === undefined) return undefined;
  const holder: RunHolder = { run: undefined, telemetry };
  const model = modelOf(options.model, moduleExports);
  const theirs = telemetry.isEnabled === true ? theirTracer(telemetry) : undefined;
  const tracer = createTracer(holder, { options, model: fieldsOf(model), telemetry, agent }, theirs);
  const changes: FunctionOptions = {
    model: tracedModel(model, holder),
    experimental_telemetry: {
      ...telemetry,
      isEnabled: true,
      tracer,
      // Our spans have their input from elsewhere; without this the package writes all of it as JSON for nobody.
      ...(theirs === undefined ? { recordInputs: false } : {}),
    },
  };
  for (const name of ['prepareStep', 'experimental_prepareStep'] as const) {
    const prepare = options[name];
    if (typeof prepare === 'function') changes[name] = tracedPrepareStep(prepare as Method, holder);
  }
  return withFields(options, changes);
}

function theirTracer({ tracer }: TelemetrySettings): Tracer | undefined {
  return typeof tracer === 'object' && tracer !== null ? (tracer as Tracer) : appTracer('ai');
}

/** A step may choose another model; it sees the program's, and ours takes the place of the one that it chooses. */
function tracedPrepareStep(prepare: Method, holder: RunHolder): Method {
  const trace = (prepared: unknown): unknown => {
    const { model } = fieldsOf(prepared);
    return model === undefined
      ? prepared
      : withFields(fieldsOf(prepared), { model: tracedModel(model, holder) });
  };
  return function (...args) {
    const { model } = fieldsOf(args[0]);
    const given = withFields(fieldsOf(args[0]), { model: originalModel(model) });
    const prepared = Reflect.apply(prepare, this, [given, ...args.slice(1)]);
    return prepared instanceof Promise ? prepared.then(trace) : trace(prepared);
  };
}

/** A model that is given by name, as the package finds it. An unknown name is left to the package to refuse. */
function modelOf(model: unknown, moduleExports: Fields): unknown {
  if (typeof model !== 'string') return model;
  const global = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
  const provider = global.AI_SDK_DEFAULT_PROVIDER ?? moduleExports['gateway'];
  const find = Reflect.get(Object(provider) as object, 'languageModel') as unknown;
  if (typeof find !== 'function') return model;
  try {
    return Reflect.apply(find, provider, [model]) as unknown;
  } catch {
    return model;
  }
}

function withFields(source: object, fields: object): object {
  return Object.assign(
    Object.create(Object.getPrototypeOf(source) as object | null) as object,
    source,
    fields,
  );
}

/** The agents of the package call its functions inside the package, where nothing can be replaced. */
export function patchAgents(moduleExports: Fields): Unpatch[] {
  const prototypeOf = (name: string): unknown =>
    Reflect.get(Object(moduleExports[name]) as object, 'prototype');
  const traced = (target: unknown, options: object): object | undefined =>
    guard('agent', () =>
      tracedOptions(options, moduleExports, textOf(fieldsOf(fieldsOf(target)['settings'])['id'])),
    );
  if (moduleExports['registerTelemetry'] !== undefined) return [];
  const undo = patchMethod(prototypeOf('ToolLoopAgent'), 'prepareCall', (target, args, original) => {
    const prepared: unknown = Reflect.apply(original, target, args);
    if (!(prepared instanceof Promise)) return prepared;
    return prepared.then((options: unknown) => traced(target, fieldsOf(options)) ?? options);
  });
  if (undo.length > 0) return undo;
  return ['generate', 'stream'].flatMap((method) =>
    patchMethod(prototypeOf('Experimental_Agent'), method, (target, args, original) => {
      const settings = fieldsOf(fieldsOf(target)['settings']);
      const options = traced(target, { ...settings, ...fieldsOf(args[0]) });
      return Reflect.apply(original, target, options === undefined ? args : [options, ...args.slice(1)]);
    }),
  );
}
