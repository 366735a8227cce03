import { createRequire } from 'node:module';
import type * as InstallNamespace from '../instrumentations/install.js';
import type { Options } from './config/options.js';
import { currentSettings } from './config/settings.js';
import { warnOnce } from './tracing/diag.js';
import { configure as configurePipeline, type SpoorHandle } from './sdk/configure.js';

/**
 * Starts spoor from code: applies the options, all or nothing, and instruments the LLM SDKs that are loaded or will be.
 * Called again, it adds to the options and starts nothing twice.
 *
 * @example
 * const spoor = init({ serviceName: 'support-agent', captureContent: true });
 * await spoor.flush();
 *
 * @throws SpoorError SPOOR_OPTION_UNKNOWN or SPOOR_OPTION_INVALID; then nothing has changed.
 */
export function init(options: Options = {}): SpoorHandle {
  const handle = configurePipeline(options);
  const { enabled, instrumentations } = currentSettings();
  if (enabled) install(instrumentations);
  return handle;
}

/** Loaded when it is needed: a program that only names its sessions has no use for it. A bundle does not have it. */
function install(instrumentations: Options['instrumentations']): void {
  try {
    const requireHere = createRequire(import.meta.url);
    const { installInstrumentations } = requireHere(
      '../instrumentations/install.js',
    ) as typeof InstallNamespace;
    const installed = installInstrumentations({ instrumentations });
    for (const instrumentation of installed.instrumentations) {
      if (instrumentations?.[instrumentation.line().name] === false) instrumentation.disable();
    }
  } catch (error) {
    warnOnce(
      'install',
      'LLM SDKs are not traced by themselves here; in a bundle, pass each client to `wrap` of spoor/instrumentations/<name>',
      error,
    );
  }
}

/**
 * The same as `init`, under the name that other packages use.
 * @example
 * configure({ storage: 'file', basePath: './traces' });
 */
export function configure(options: Options = {}): SpoorHandle {
  return init(options);
}
