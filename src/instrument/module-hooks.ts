import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { guard } from './guard.js';

interface Support {
  supportsSyncHooks(): boolean;
}
interface SyncHooks {
  register(options: { include: string[] }): void;
}

/** How ESM imports are seen: by hooks in this thread, or by Node's loader thread (which costs more start-up time). */
export type ModuleHooks = 'sync' | 'thread';

let registered: ModuleHooks | undefined;

/**
 * Lets ESM imports of `modules` be seen by instrumentations. Only these are wrapped: wrapping every module costs start-up
 * time and breaks some of them. The hooks and `@opentelemetry/instrumentation` must share one copy of
 * import-in-the-middle, so it is looked up from there. Only the first call registers.
 * @returns which kind is registered, or undefined when that failed: then `require` is traced and `import` is not.
 */
export function registerModuleHooks(modules: readonly string[]): ModuleHooks | undefined {
  registered ??= guard('module hooks', () => {
    const from = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/instrumentation'));
    const include = [...modules];
    if ((from('import-in-the-middle/supports-sync-hooks.mjs') as Support).supportsSyncHooks()) {
      (from('import-in-the-middle/register-hooks.mjs') as SyncHooks).register({ include });
      return 'sync';
    }
    const loader = pathToFileURL(from.resolve('import-in-the-middle/hook.mjs')).href;
    register(loader, import.meta.url, { data: { include } });
    return 'thread';
  });
  return registered;
}
