import { createRequire } from 'node:module';

/**
 * Finds modules from where `@opentelemetry/instrumentation` is: the hooks must be those of its own copy of
 * import-in-the-middle.
 */
export function requireForHooks(): NodeJS.Require {
  return createRequire(createRequire(import.meta.url).resolve('@opentelemetry/instrumentation'));
}

/** True where hooks run in this thread. Elsewhere Node's loader thread runs them, which costs more start-up time. */
export function supportsSyncHooks(): boolean {
  const support = requireForHooks()('import-in-the-middle/supports-sync-hooks.mjs') as {
    supportsSyncHooks(): boolean;
  };
  return support.supportsSyncHooks();
}
