/** Lets the example agent, which traces with spoor, trace with another library: what it imports comes from there. */
import { registerHooks } from 'node:module';

export function resolveSpoor(url) {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'spoor' ? { url, shortCircuit: true } : next(specifier, context),
  });
}
