import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Lets Node run the sources of the tests as they are: an import of `x.js` means `x.ts` where only that is there. */
export function loadTypescript() {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!specifier.startsWith('.') || !specifier.endsWith('.js') || context.parentURL === undefined) {
        return nextResolve(specifier, context);
      }
      const written = new URL(specifier, context.parentURL);
      const source = new URL(written.href.replace(/\.js$/, '.ts'));
      const isSource = written.protocol === 'file:' && !existsSync(fileURLToPath(written));
      return nextResolve(isSource ? source.href : specifier, context);
    },
  });
}
