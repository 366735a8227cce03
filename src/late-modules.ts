import * as spoorClient from './client/spoor-client.js';
import * as options from './config/options.js';
import * as targets from './config/targets.js';
import * as maskInPlace from './sdk/mask-in-place.js';
import * as recordCall from './sdk/recording/record-call.js';
import * as withFlush from './sdk/with-flush.js';
import * as watchForStuck from './sdk/stuck/watch-for-stuck.js';
import { provideLate } from './shared/late.js';
import * as eventWrapper from './tracing/wrappers/event-wrapper.js';
import * as currentContext from './tracing/current-context.js';
import * as currentTrace from './tracing/current-trace.js';
import * as instrumentScope from './tracing/instrument-scope.js';
import * as metrics from './tracing/metrics.js';
import * as score from './tracing/score.js';
import * as screenshots from './tracing/screenshots.js';
import * as sessionScores from './tracing/session-scores.js';
import * as observationWrappers from './tracing/wrappers/observation-wrappers.js';
import * as stepWrapper from './tracing/wrappers/step-wrapper.js';

/** Everything of `spoor` that it loads when it is first needed, taken into a bundle. Not the OpenTelemetry SDK: see `bundled.ts`. */
export function provideLateModules(): void {
  provideLate({
    'current-context': currentContext,
    'current-trace': currentTrace,
    'event-wrapper': eventWrapper,
    'instrument-scope': instrumentScope,
    'mask-in-place': maskInPlace,
    'observation-wrappers': observationWrappers,
    'record-call': recordCall,
    'session-scores': sessionScores,
    'spoor-client': spoorClient,
    'step-wrapper': stepWrapper,
    'watch-for-stuck': watchForStuck,
    'with-flush': withFlush,
    metrics,
    options,
    score,
    screenshots,
    targets,
  });
}
