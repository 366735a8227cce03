import type { LoadHook, ResolveHook } from 'node:module';

/** What the thread is told when the hooks are registered: where import-in-the-middle is, and what to wrap. */
export interface HookThreadData {
  readonly createHookUrl: string;
  readonly loaderUrl: string;
  readonly include: readonly (string | RegExp)[];
}

interface ThreadHook {
  applyOptions(options: { include: readonly (string | RegExp)[] }): void;
  resolve: ResolveHook;
  load: LoadHook;
}

/**
 * The hooks for Nodes that run them in a thread of their own. Not import-in-the-middle's own entry point: an app that
 * registers that one shares its state, and the list of what to wrap would be the one that was given last.
 */
let hook: ThreadHook | undefined;

/** Called by Node before the program's next import; what is imported here comes by too. */
export async function initialize({ createHookUrl, loaderUrl, include }: HookThreadData): Promise<void> {
  const { createHook } = (await import(createHookUrl)) as {
    createHook(meta: { url: string }): ThreadHook;
  };
  const made = createHook({ url: loaderUrl });
  made.applyOptions({ include });
  hook = made;
}

// Node may ask before `initialize` is through, for an import that was under way already: it goes on as if without hooks.
export const resolve: ResolveHook = (specifier, context, nextResolve) =>
  hook === undefined ? nextResolve(specifier, context) : hook.resolve(specifier, context, nextResolve);

export const load: LoadHook = (url, context, nextLoad) =>
  hook === undefined ? nextLoad(url, context) : hook.load(url, context, nextLoad);
