import module, { isBuiltin, register, type LoadHookSync, type ResolveHookSync } from 'node:module';
import { pathToFileURL } from 'node:url';
import { guard } from './guard.js';
import type { HookThreadData } from './hook-thread.js';
import { requireForHooks, supportsSyncHooks } from './sync-hooks.js';

interface SyncHook {
  applyOptions(options: { include: (string | RegExp)[] }): void;
  resolveSync: ResolveHookSync;
  loadSync: LoadHookSync;
}
interface HookModule {
  createHook(meta: { url: string }): SyncHook;
}
interface RequireHook {
  new (modules: string[], options: { internals: boolean }, onRequire: OnRequire): unknown;
}
/** Gets what a file exports and its name, and says what the program gets. */
export type OnRequire = (moduleExports: unknown, name: string) => unknown;

/** How ESM imports are seen: by hooks in this thread, or by Node's loader thread (which costs more start-up time). */
export type ModuleHooks = 'sync' | 'thread';

let registered: ModuleHooks | undefined;
let syncHook: SyncHook | undefined;

/**
 * Lets ESM imports of `modules` and `files` be seen by instrumentations. Only these are wrapped: wrapping every module costs start-up
 * time and breaks some of them. The hooks and `@opentelemetry/instrumentation` must share one copy of
 * import-in-the-middle, so it is looked up from there. Only the first call registers.
 * @returns which kind is registered, or undefined when that failed: then `require` is traced and `import` is not.
 */
export function registerModuleHooks(
  modules: readonly string[],
  files: readonly string[] = [],
): ModuleHooks | undefined {
  registered ??= guard('module hooks', () => {
    const from = requireForHooks();
    const include = [...modules, ...files.map(urlPattern)];
    const loader = pathToFileURL(from.resolve('import-in-the-middle/hook.mjs')).href;
    if (supportsSyncHooks()) {
      // Not its own `register`, which keeps the hook to itself: see `resolveUnderWay`.
      syncHook = (from('import-in-the-middle/create-hook.mjs') as HookModule).createHook({ url: loader });
      syncHook.applyOptions({ include });
      module.registerHooks({ resolve: syncHook.resolveSync, load: syncHook.loadSync });
      // Registered last, so asked first.
      module.registerHooks({ resolve: resolveBuiltin });
      return 'sync';
    }
    const createHookUrl = pathToFileURL(from.resolve('import-in-the-middle/create-hook.mjs')).href;
    const data: HookThreadData = { createHookUrl, loaderUrl: loader, include };
    register('./hook-thread.js', import.meta.url, { data });
    return 'thread';
  });
  return registered;
}

/** The hook for a resolution that was under way when the hooks were registered, and so does not come by them. */
export function resolveUnderWay(): ResolveHookSync | undefined {
  return syncHook?.resolveSync;
}

/**
 * The hooks take what nobody imports for the program itself, and a program without an extension for CommonJS. Node loads its
 * own modules in that way for `--eval` and `--print`, and a program does with `Module._load('fs')`: the file `fs` is then
 * looked for, and the process ends. Node's own modules are answered here.
 */
const resolveBuiltin: ResolveHookSync = (specifier, context, nextResolve) => {
  if ((context.parentURL ?? '') !== '' || !isBuiltin(specifier)) return nextResolve(specifier, context);
  const url = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  return { url, format: 'builtin', shortCircuit: true };
};

/** Imports inside a package are relative, so a file is told by the end of its address. */
function urlPattern(file: string): RegExp {
  return new RegExp(`/node_modules/${file.replaceAll('.', '[.]')}$`);
}

/**
 * Calls `onRequire` when one of `files` (`<package>/<path>`) is loaded by `require`. OpenTelemetry's own hook passes over every
 * file of a package whose entry point cannot be resolved.
 */
export function onRequireOf(files: readonly string[], onRequire: OnRequire): void {
  guard('require hook', () => {
    const { Hook } = requireForHooks()('require-in-the-middle') as { Hook: RequireHook };
    // The names by which that package knows files.
    const names = files.map((file) => file.replace(/(\/index)?(\.js)?$/, ''));
    void new Hook(names, { internals: true }, onRequire);
  });
}
