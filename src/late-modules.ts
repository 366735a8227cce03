import * as spoorClient from './client/spoor-client.js';
import * as options from './config/options.js';
import * as targets from './config/targets.js';
import * as maskInPlace from './sdk/mask-in-place.js';
import * as recordCall from './sdk/recording/record-call.js';
import * as watchForStuck from './sdk/stuck/watch-for-stuck.js';
import { provideLate } from './shared/late.js';

/** Everything of `spoor` that it loads when it is first needed, taken into a bundle. Not the OpenTelemetry SDK: see `bundled.ts`. */
provideLate({
  'mask-in-place': maskInPlace,
  'record-call': recordCall,
  'spoor-client': spoorClient,
  'watch-for-stuck': watchForStuck,
  options,
  targets,
});
