/** The entry `spoor`: everything that a program calls. */

// Start
export { configure, init } from './init.js';
export type { SpoorHandle } from './sdk/configure.js';
export type { DeliveryCounts } from './sdk/span-delivery.js';
export { withFlush } from './sdk/late-with-flush.js';
export type { FlushHandlerOptions } from './sdk/with-flush.js';
export type { BlobCounts } from './sdk/blob-delivery.js';
export type { Durability, Limits, Mask, Mode, OnStuck, Options } from './config/options.js';
export type { Finding, StuckRule } from '../semconv/model/finding.js';
export type { Storage } from './config/storage.js';
export { loadEnv } from './config/load-env.js';
export type { LoadEnvOptions } from './config/load-env.js';
export type { Keep, Sample, SampleSubject } from './config/sampling.js';
export type { CaptureContent, ContentPolicy } from './config/content-policy.js';

// An app's own pipeline
export { attach } from './sdk/attach.js';
export { SpoorSpanProcessor } from './sdk/span-processor.js';
export type { SpoorSpanProcessorOptions } from './sdk/span-processor.js';

// Sessions
export {
  bindSession,
  continueSession,
  currentSession,
  endSession,
  startSession,
  updateSession,
  withSession,
} from './tracing/sessions.js';
export type { SessionHandle } from './tracing/sessions.js';
export type { SessionFields, SessionOptions } from './tracing/session.js';
export type { RubricResult, SessionResult, SessionScore } from './tracing/session-scores.js';

// Steps
export { createStep, currentStep, endStep, updateStep, withStep } from './tracing/steps.js';
export type { StepHandle } from './tracing/steps.js';
export type { StepFields } from './tracing/step.js';
export type { ScreenshotFields } from './tracing/late-screenshots.js';
export type { ImageSource } from './tracing/read-image.js';

// Events and observations
export { createEvent, endEvent, updateEvent } from './tracing/events.js';
export type { EventHandle } from './tracing/events.js';
export type { EventFields, EventOptions } from './tracing/event.js';
export { startObservation, withObservation } from './tracing/observation.js';
export type {
  ObservationFields,
  ObservationHandle,
  ObservationOptions,
  UsageFields,
} from './tracing/observation.js';
export type { ObservationType } from '../semconv/model/observation.js';

// Wrappers and decorators
export {
  agent,
  chain,
  embedding,
  event,
  prompt,
  retrieval,
  step,
  tool,
  trace,
} from './tracing/wrappers/late-wrappers.js';
export type { PromptOptions, WrapOptions } from './tracing/wrappers/observation-wrappers.js';
export type { EventWrapOptions } from './tracing/wrappers/event-wrapper.js';
export type { WrapDecorator, Wrapper } from './tracing/wrappers/wrapper.js';
export type { AnyFunction } from './tracing/wrappers/wrap-function.js';

// Contexts and traces
export { getCurrentContext, getCurrentTrace, instrument } from './tracing/late-contexts.js';
export type { InstrumentScope } from './tracing/instrument-scope.js';
export type { TraceOptions } from './tracing/trace-scope.js';
export type { TraceContext } from './tracing/current-context.js';
export type { TraceView } from './tracing/current-trace.js';
export { traceIdFrom } from './tracing/trace-id.js';

// Scores
export { score } from './tracing/late-score.js';
export type { ScoreOptions, ScoreSubject, ScoreTarget } from './tracing/score.js';

// Recording of arguments
export {
  disableRecording,
  enableRecording,
  recordCallArgs,
  setRecordingOptions,
} from './sdk/recording/recording.js';
export type { RecordCallOptions, RecordingOptions } from './sdk/recording/recording.js';

// A translator's API
export { SpoorClient } from './client/late-client.js';
export type { BlobContent } from './client/spoor-client.js';
export type { ClientOptions } from './client/options.js';
export type { LiveEvent, LiveOptions } from './client/live.js';
export type { NewScore } from './client/score-span.js';

// Errors
export { SpoorError } from './shared/errors.js';
export type { ErrorCode } from './shared/errors.js';
