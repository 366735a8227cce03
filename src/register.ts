import { isMainThread, parentPort } from 'node:worker_threads';
import { installInstrumentations } from '../instrumentations/registry.js';
import { resolveSettings } from './config/settings.js';
import { endOpenCalls } from './instrument/open-calls.js';
import { prepareStart } from './sdk/lazy-start.js';
import { onEnding } from './tracing/ending.js';

/**
 * The preload: `node --import spoor/register`, `--require`, or NODE_OPTIONS. It may be loaded more than once, in every
 * child and worker. Whatever goes wrong in here, the program starts as if it were not there.
 */
const LOADED: unique symbol = Symbol.for('spoor.register.1') as never;

function register(): void {
  // The thread of a loader hook runs the preload too, but no program. It is a worker that nobody can write to.
  if (!isMainThread && parentPort === null) return;
  const scope = globalThis as { [LOADED]?: boolean };
  if (scope[LOADED] === true) return;
  scope[LOADED] = true;
  // The environment is read again at the first span: an app may load its own settings until then.
  const { settings } = resolveSettings({});
  if (!settings.enabled) return;
  prepareStart(settings);
  onEnding(endOpenCalls);
  installInstrumentations({ instrumentations: settings.instrumentations });
}

try {
  register();
} catch (error) {
  if (process.env['SPOOR_DEBUG'] !== undefined) {
    process.stderr.write(
      `spoor: the preload failed: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
  }
}
