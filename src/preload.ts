import type { ResolveHookSync } from 'node:module';
import { installInstrumentations } from '../instrumentations/install.js';
import { latestSettings, type Settings } from './config/settings.js';
import { resolveUnderWay } from './instrument/module-hooks.js';
import { endOpenCalls } from './instrument/open-calls.js';
import { prepareStart } from './sdk/lazy-start.js';
import { onEnding } from './tracing/ending.js';

/** What the second half of the preload leaves to the first. */
export interface Started {
  /** The hook for a resolution that was under way when the hooks were registered. */
  resolveUnderWay(): ResolveHookSync | undefined;
}

/** The second half of the preload, loaded when the program loads the first thing that can be traced. */
export function startPreload(settings: Settings): Started {
  // The program may have called `init`, or read a `.env`, since the preload ran.
  prepareStart(latestSettings());
  onEnding(endOpenCalls);
  installInstrumentations({ instrumentations: settings.instrumentations });
  return { resolveUnderWay };
}
