import { provideLateModules } from './late-modules.js';
import * as start from './sdk/start.js';
import { provideLate } from './shared/late.js';

/**
 * The entry `spoor/bundled`, for programs that a bundler makes one file of: it takes the OpenTelemetry SDK side into the bundle,
 * which `spoor` alone looks for by its path. Without it only the app's own provider gets spans there.
 */
provideLateModules();
provideLate({ start });

export { configure, init } from './init.js';
