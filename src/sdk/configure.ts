import { isDeepStrictEqual } from 'node:util';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type * as OptionsNamespace from '../config/options.js';
import type { Options } from '../config/options.js';
import { applyOptions, currentSettings, resetSettings } from '../config/settings.js';
import { lateModule } from '../shared/late.js';
import { warnOnce } from '../tracing/diag.js';
import { setUsesBaggage } from '../tracing/baggage.js';
import { setProcessSession } from '../tracing/process-session.js';
import { setProviderStarter } from '../tracing/provider.js';
import { prepareStart } from './lazy-start.js';
import { followRecordingSettings, resetRecording } from './recording/recording.js';
import { pipelineEnd } from './pipeline-end.js';
import type { DeliveryCounts } from './span-delivery.js';
import { hasStarted, forgetStart } from './started.js';
import { forgetSpans, keptSpans } from './storage/memory-spans.js';

/** What `init` returns. Neither method rejects. */
export interface SpoorHandle {
  /** Sends what is queued, for at most `timeoutMs` (default: the shutdown time-out), and says what became of the spans. */
  flush(timeoutMs?: number): Promise<DeliveryCounts>;
  /** Spans that have ended, masked, in the order of their ends: with the storage `memory`, for tests. Else none. */
  finishedSpans(): readonly ReadableSpan[];
  /** Forgets the finished spans. */
  clearSpans(): void;
  /** Sends what is queued and takes spoor's own pipeline down; `init` may start a new one. */
  shutdown(): Promise<void>;
}

/** Options that a pipeline which is already running cannot take up. */
const FIXED: readonly (keyof Options)[] = [
  'serviceName',
  'resourceAttributes',
  'endpoint',
  'preset',
  'targets',
  'headers',
  'protocol',
  'compression',
  'timeoutMs',
  'apiKey',
  'mode',
  'forward',
  'session',
  'storage',
  'basePath',
  'sample',
  'keep',
];

/**
 * Applies options, all or nothing. Called again, it adds to what was given before and starts no second pipeline.
 * @throws SpoorError SPOOR_OPTION_UNKNOWN or SPOOR_OPTION_INVALID; then nothing has changed.
 */
export function configure(options: Options = {}): SpoorHandle {
  const parsed = isEmpty(options) ? {} : optionsModule().parseOptions(options);
  if (hasStarted()) {
    const late = FIXED.filter(
      (name) => parsed[name] !== undefined && !isDeepStrictEqual(parsed[name], currentSettings()[name]),
    );
    if (late.length > 0) {
      warnOnce(
        'configure-late',
        `spans were made already, so these options come too late: ${late.join(', ')}`,
      );
    }
  }
  const { settings } = applyOptions(parsed);
  if (!hasStarted()) {
    if (settings.enabled) prepareStart(settings);
    else setProviderStarter(undefined);
  }
  setUsesBaggage(settings.baggage === true);
  followRecordingSettings(settings);
  return HANDLE;
}

/** The schema, and the package that checks by it, are for those who give options. */
const optionsModule = lateModule<typeof OptionsNamespace>('../config/options.js', import.meta.url);

function isEmpty(options: unknown): boolean {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  return Object.keys(options).length === 0;
}

const HANDLE: SpoorHandle = {
  flush: async (timeoutMs = currentSettings().shutdownTimeoutMs) => {
    await pipelineEnd().drain(timeoutMs);
    return pipelineEnd().counts();
  },
  finishedSpans: keptSpans,
  clearSpans: forgetSpans,
  shutdown: async () => {
    setProcessSession(undefined);
    setUsesBaggage(false);
    setProviderStarter(undefined);
    await pipelineEnd().shutDown(currentSettings().shutdownTimeoutMs);
    forgetStart();
    resetSettings();
    forgetSpans();
    resetRecording();
  },
};
