import type { CallMethod, ClientSdk, SdkDefinition, Unpatch } from './call-mapper.js';
import { explain, guard, report } from './guard.js';
import { traceCall, type TracedMethod } from './trace-call.js';

const PATCHED: unique symbol = Symbol.for('spoor.patched') as never;
type Fields = Record<PropertyKey, unknown>;
export type Method = (this: unknown, ...args: unknown[]) => unknown;
/** A helper has no mapper: it makes no span. */
type PatchedMethod = Pick<CallMethod, 'resource' | 'method'> & Partial<CallMethod>;
/** What the patched method does while it is enabled. */
export type Caller = (target: unknown, args: unknown[], original: Method) => unknown;

/**
 * Patches one loaded copy of an SDK.
 * @returns the functions that undo it; empty, and said once, when the copy has no known shape.
 */
export function patchModule(
  name: string,
  sdk: SdkDefinition,
  moduleExports: unknown,
  module: string = name,
): Unpatch[] {
  const undo =
    'patchModule' in sdk ? sdk.patchModule(moduleExports, module) : patchClasses(name, sdk, moduleExports);
  if (undo.length === 0) {
    explain(
      `shape of ${name}`,
      `this copy of ${name} has none of the classes that are known, so it is not traced`,
    );
  }
  return undo;
}

/**
 * Patches methods on the prototypes of the SDK's classes, found by their path from the client class. Never a module
 * namespace: those cannot be redefined, and there may be several.
 */
function patchClasses(name: string, sdk: ClientSdk, moduleExports: unknown): Unpatch[] {
  const client = clientClass(sdk, moduleExports);
  const undo = methodsOf(sdk).flatMap((method) => {
    const owner = classAt(client, method.resource);
    return owner === undefined
      ? []
      : patchMethod(owner['prototype'], method.method, callerFor(name, sdk, method));
  });
  // What was patched can be undone, whatever becomes of the rest.
  return [...undo, ...(guard('patch', () => sdk.beside?.patchModule(moduleExports, name)) ?? [])];
}

/** Patches the prototypes of one client's resources: works without hooks, for bundled code and for odd loaders. */
export function patchClient(name: string, sdk: SdkDefinition, client: unknown): Unpatch[] {
  if ('patchModule' in sdk) return sdk.patchClient?.(client) ?? [];
  const undo = methodsOf(sdk).flatMap((method) => {
    let resource: unknown = client;
    for (const key of method.resource.split('.')) resource = fieldOf(resource, key);
    if (typeof resource !== 'object' || resource === null) return [];
    return patchMethod(ownerOf(resource, method.method), method.method, callerFor(name, sdk, method));
  });
  return [...undo, ...(guard('patch', () => sdk.beside?.patchClient?.(client)) ?? [])];
}

function methodsOf(sdk: ClientSdk): readonly PatchedMethod[] {
  return sdk.helpers === undefined ? sdk.methods : [...sdk.methods, ...sdk.helpers];
}

function clientClass(sdk: ClientSdk, moduleExports: unknown): unknown {
  for (const name of [...sdk.clientExports, 'default']) {
    const candidate = fieldOf(moduleExports, name);
    if (typeof candidate === 'function') return candidate;
  }
  return typeof moduleExports === 'function' ? moduleExports : undefined;
}

/** `chat.completions` is the class `Chat.Completions` of the client class. */
function classAt(client: unknown, resource: string): Fields | undefined {
  let owner: unknown = client;
  for (const key of resource.split('.')) owner = fieldOf(owner, key.charAt(0).toUpperCase() + key.slice(1));
  return typeof owner === 'function' ? (owner as unknown as Fields) : undefined;
}

function ownerOf(resource: object, method: string): unknown {
  let owner: object | null = Object.getPrototypeOf(resource) as object | null;
  while (owner !== null && !Object.hasOwn(owner, method))
    owner = Object.getPrototypeOf(owner) as object | null;
  return owner;
}

/**
 * Replaces one method of a prototype (or of an object that has it as its own) by one of the same name, length and
 * descriptor. `call` gets the target, the arguments and the original, and must pass on what the original does.
 * @returns the function that undoes it; nothing when there is no such method, one that does nothing when it is patched already.
 */
export function patchMethod(owner: unknown, name: string, call: Caller): Unpatch[] {
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return [];
  const original = Object.getOwnPropertyDescriptor(owner, name);
  if (typeof original?.value !== 'function' || original.configurable !== true) return [];
  if (isPatched(original.value as Method)) return [ignore];
  const patched = wrapMethod(original.value as Method, call);
  guard('patch', () => Object.defineProperty(owner, name, { ...original, value: patched.method }));
  return [
    () => {
      patched.disable();
      const current = Object.getOwnPropertyDescriptor(owner, name);
      if (current?.value === patched.method) Object.defineProperty(owner, name, original);
    },
  ];
}

/** Another instrumentation may have wrapped ours since; OpenTelemetry's leaves the way back. */
function isPatched(method: Method): boolean {
  for (let at: unknown = method; typeof at === 'function'; at = (at as { __original?: unknown }).__original) {
    if (PATCHED in at) return true;
  }
  return false;
}

function callerFor(name: string, sdk: ClientSdk, method: PatchedMethod): Caller {
  const { mapper } = method;
  if (mapper === undefined) {
    return (resource, args, original) => {
      const taken = guard('taking over', () => sdk.takeOver?.(args, clientOf(resource), undefined));
      return Reflect.apply(original, resource, taken ?? args);
    };
  }
  const tracesItself = method.tracesItself ?? sdk.tracesItself;
  const traced: TracedMethod = {
    sdk: name,
    label: `${method.resource}.${method.method}`,
    mapper,
    clientOf,
    ...(method.coversInner === undefined ? {} : { coversInner: method.coversInner }),
    ...(sdk.takeOver === undefined || method.isTakenOver === false ? {} : { takeOver: sdk.takeOver }),
  };
  if (tracesItself === undefined) {
    return (resource, args, original) => traceCall(traced, original, resource, args);
  }
  return (resource, args, original) => {
    let isLeftToIt = false;
    try {
      isLeftToIt = tracesItself(clientOf(resource), args);
    } catch (error) {
      report('native tracing', error);
    }
    return isLeftToIt ? Reflect.apply(original, resource, args) : traceCall(traced, original, resource, args);
  };
}

function clientOf(resource: unknown): unknown {
  return fieldOf(resource, '_client') ?? resource;
}

function wrapMethod(original: Method, call: Caller): { method: unknown; disable: () => void } {
  let isEnabled = true;
  function method(this: unknown, ...args: unknown[]): unknown {
    return isEnabled ? call(this, args, original) : Reflect.apply(original, this, args);
  }
  for (const key of ['name', 'length'] as const) {
    Object.defineProperty(method, key, { value: original[key], configurable: true });
  }
  Object.defineProperty(method, PATCHED, { value: true });
  return { method, disable: () => (isEnabled = false) };
}

function fieldOf(value: unknown, key: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  return (value as Fields)[key];
}

function ignore(): void {}
