import { createRequire } from 'node:module';
import { isMainThread, parentPort } from 'node:worker_threads';
import { REGISTRY } from '../instrumentations/registry.js';
import { resolveSettings, type Settings } from './config/settings.js';
import { onFirstLoad } from './instrument/first-load.js';
import { onFirstMessage } from './instrument/tracing-channel.js';
import { setPendingStart } from './shared/pending-start.js';
import type { Started, startPreload } from './preload.js';
import type * as ReportRunNamespace from './report-run.js';

/**
 * The preload: `node --import spoor/register`, `--require`, or NODE_OPTIONS. It may be loaded more than once, in every
 * child and worker. Whatever goes wrong in here, the program starts as if it were not there. What it sets up is loaded with
 * the first SDK that the program loads, so that a program without one pays next to nothing.
 */
const LOADED: unique symbol = Symbol.for('spoor.register.1') as never;

type PreloadModule = { startPreload: typeof startPreload };

const requireHere = createRequire(import.meta.url);

function register(): void {
  // The thread of a loader hook runs the preload too, but no program. It is a worker that nobody can write to.
  if (!isMainThread && parentPort === null) return;
  // Deno 2.9 aborts when hooks are registered while a module is being resolved.
  if (process.versions['deno'] !== undefined) return;
  const scope = globalThis as { [LOADED]?: boolean };
  if (scope[LOADED] === true) return;
  scope[LOADED] = true;
  // The environment is read again at the first span: an app may load its own settings until then.
  const { settings } = resolveSettings({});
  if (!settings.enabled) return;
  const reportFolder = process.env['SPOOR_DOCTOR_REPORT'];
  if (reportFolder !== undefined) {
    (requireHere('./report-run.js') as typeof ReportRunNamespace).reportAtExit(reportFolder);
  }
  let started: Started | undefined;
  const start = (): boolean => {
    started ??= attempt(() => (requireHere('./preload.js') as PreloadModule).startPreload(settings));
    return started !== undefined;
  };
  // A provider for the whole program, or diagnostics from the beginning, cannot wait.
  if (settings.mode === 'global' || settings.debug) {
    start();
    return;
  }
  // A program may also use us without loading anything more, when it imports the preload itself.
  setPendingStart(() => void start());
  onFirstLoad({
    modules: switchedOn(settings).flatMap((line) => line.modules),
    start,
    resolveUnderWay: () => started?.resolveUnderWay(),
  });
  // A bundled SDK is not seen to load.
  for (const channel of switchedOn(settings).flatMap((line) => line.channels ?? [])) {
    onFirstMessage(channel, () => void start());
  }
}

function switchedOn({ instrumentations }: Settings): typeof REGISTRY {
  return REGISTRY.filter(({ name }) => instrumentations?.[name] !== false);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (process.env['SPOOR_DEBUG'] !== undefined) {
      process.stderr.write(
        `spoor: the preload failed: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
    }
    return undefined;
  }
}

attempt(register);
