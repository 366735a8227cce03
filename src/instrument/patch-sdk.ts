import type { CallMethod, SdkDefinition } from './call-mapper.js';
import { explain, guard } from './guard.js';
import { traceCall, type TracedMethod } from './trace-call.js';

/** Undoes one patch. */
export type Unpatch = () => void;

const PATCHED: unique symbol = Symbol.for('spoor.patched') as never;
type Fields = Record<PropertyKey, unknown>;

/**
 * Patches the methods of an SDK on the prototypes of its classes, found by their path from the client class. Never a module
 * namespace: those cannot be redefined, and there may be several.
 * @returns the functions that undo it; empty when the module has none of the classes.
 */
export function patchModule(name: string, sdk: SdkDefinition, moduleExports: unknown): Unpatch[] {
  const client = clientClass(sdk, moduleExports);
  const undo = sdk.methods.flatMap((method) => {
    const owner = classAt(client, method.resource);
    return owner === undefined ? [] : patchMethod(name, sdk, method, owner['prototype']);
  });
  if (undo.length === 0) {
    explain(`shape of ${name}`, `this copy of ${name} has none of the classes that are known, so it is not traced`);
  }
  return undo;
}

/** Patches the prototypes of one client's resources: works without hooks, for bundled code and for odd loaders. */
export function patchClient(name: string, sdk: SdkDefinition, client: unknown): Unpatch[] {
  return sdk.methods.flatMap((method) => {
    let resource: unknown = client;
    for (const key of method.resource.split('.')) resource = fieldOf(resource, key);
    if (typeof resource !== 'object' || resource === null) return [];
    return patchMethod(name, sdk, method, ownerOf(resource, method.method));
  });
}

function clientClass(sdk: SdkDefinition, moduleExports: unknown): unknown {
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
  while (owner !== null && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner;
}

function patchMethod(name: string, sdk: SdkDefinition, method: CallMethod, prototype: unknown): Unpatch[] {
  if (typeof prototype !== 'object' || prototype === null) return [];
  const original = Object.getOwnPropertyDescriptor(prototype, method.method);
  if (typeof original?.value !== 'function' || original.configurable !== true) return [];
  if (PATCHED in original.value) return [ignore];
  const traced: TracedMethod = {
    sdk: name,
    label: `${method.resource}.${method.method}`,
    mapper: method.mapper,
    clientOf: (resource) => fieldOf(resource, '_client') ?? resource,
  };
  const patched = wrapMethod(traced, sdk, original.value as (this: unknown, ...args: unknown[]) => unknown);
  guard('patch', () => Object.defineProperty(prototype, method.method, { ...original, value: patched.method }));
  return [
    () => {
      patched.disable();
      const current = Object.getOwnPropertyDescriptor(prototype, method.method);
      if (current?.value === patched.method) Object.defineProperty(prototype, method.method, original);
    },
  ];
}

function wrapMethod(
  traced: TracedMethod,
  sdk: SdkDefinition,
  original: (this: unknown, ...args: unknown[]) => unknown,
): { method: unknown; disable: () => void } {
  let isEnabled = true;
  function method(this: unknown, ...args: unknown[]): unknown {
    if (!isEnabled || (sdk.tracesItself !== undefined && guard('native tracing', () => sdk.tracesItself?.(traced.clientOf(this))) === true)) {
      return Reflect.apply(original, this, args);
    }
    return traceCall(traced, original, this, args);
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
