import Module, { createRequire, type ResolveHookSync } from 'node:module';
import { supportsSyncHooks } from './sync-hooks.js';

/**
 * Waits for the first package that matters, so that a program pays for tracing when it loads an SDK and not before. Until
 * then nothing of OpenTelemetry is loaded, and module resolution is looked at and left as it is.
 */
export interface FirstLoad {
  /** The packages (or entry points of packages) that are waited for. */
  modules: readonly string[];
  /**
   * Called before the module that was asked for is loaded. It must not throw.
   * @returns false when it failed, and is to be tried again at the next load.
   */
  start(): boolean;
  /** The hook that answers the resolution which is under way, if one was registered by the start. */
  resolveUnderWay(): ResolveHookSync | undefined;
}

/** With any of these the program has OpenTelemetry, or hooks, itself: then ours must be complete before its own are loaded. */
const SHARED = ['@opentelemetry/api', '@opentelemetry/instrumentation', 'import-in-the-middle'] as const;
/** Whatever a program loads of this package needs what the start sets up, and must not be half loaded by then. */
const OWN_FOLDERS = ['../', '../../instrumentations/'].map((path) => new URL(path, import.meta.url).href);

/**
 * Calls `start` at the first load. Needs hooks in this thread: without them, or when one of the modules is loaded already,
 * `start` is called at once.
 */
export function onFirstLoad({ modules, start, resolveUnderWay }: FirstLoad): void {
  const awaited = new Set(modules.map(packageOf));
  if (!supportsSyncHooks() || isLoaded(awaited)) {
    start();
    return;
  }
  const packages = new Set([...SHARED, ...awaited]);
  let isStarted = false;
  const startOnce = (): boolean => {
    isStarted = true;
    // What the start loads does not have to come by here.
    watch.deregister();
    if (Module.prototype.require === watched) Module.prototype.require = original;
    isStarted = start();
    if (isStarted) return true;
    watch = Module.registerHooks({ resolve });
    if (Module.prototype.require === original) Module.prototype.require = watched;
    return false;
  };

  const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    if (isStarted || !(packages.has(packageOf(specifier)) || isFileOf(packages, resolved.url)))
      return resolved;
    return (startOnce() && resolveUnderWay()?.(specifier, context, nextResolve)) || resolved;
  };
  let watch = Module.registerHooks({ resolve });

  // Hooks on `require` are put in its place, so a call that is under way would pass them by.
  const original = Module.prototype.require;
  const watched = {
    require(this: Module, id: string): unknown {
      if (isStarted || !isRequestFor(packages, id, this)) return Reflect.apply(original, this, [id]);
      return Reflect.apply(startOnce() ? Module.prototype.require : original, this, [id]);
    },
  }.require as typeof original;
  Module.prototype.require = watched;
}

/** `@scope/name/entry` → `@scope/name`; relative and absolute paths have no package. */
function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/', 2);
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function isFileOf(packages: ReadonlySet<string>, file: string): boolean {
  if (OWN_FOLDERS.some((own) => file.startsWith(own))) return true;
  const folder = /.*[\\/]node_modules[\\/]/.exec(file)?.[0];
  return folder !== undefined && packages.has(packageOf(file.slice(folder.length).replaceAll('\\', '/')));
}

/** Bare names, paths into a package, and names that the program's own package.json maps (`#name`). */
function isRequestFor(packages: ReadonlySet<string>, id: unknown, from: Module): boolean {
  if (typeof id !== 'string') return false;
  if (packages.has(packageOf(id)) || isFileOf(packages, id)) return true;
  if (!id.startsWith('#')) return false;
  try {
    return isFileOf(packages, createRequire(from.filename).resolve(id));
  } catch {
    return false;
  }
}

function isLoaded(packages: ReadonlySet<string>): boolean {
  for (const file in createRequire(import.meta.url).cache) if (isFileOf(packages, file)) return true;
  return false;
}
