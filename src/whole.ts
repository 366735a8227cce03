import { provideLateModules } from './late-modules.js';

/**
 * The entry `spoor` as a bundler takes it, by the condition `module` that Node does not know: a bundle cannot look for the files
 * that `spoor` leaves for later. Names what `index.ts` names; its types are those of `index.ts`.
 */
provideLateModules();

export {
  configure,
  init,
  withFlush,
  loadEnv,
  attach,
  SpoorSpanProcessor,
  bindSession,
  continueSession,
  currentSession,
  endSession,
  startSession,
  updateSession,
  withSession,
  createStep,
  currentStep,
  endStep,
  updateStep,
  withStep,
  createEvent,
  endEvent,
  updateEvent,
  startObservation,
  withObservation,
  agent,
  chain,
  embedding,
  prompt,
  retrieval,
  tool,
  trace,
  event,
  step,
  instrument,
  getCurrentContext,
  getCurrentTrace,
  traceIdFrom,
  score,
  disableRecording,
  enableRecording,
  recordCallArgs,
  setRecordingOptions,
  SpoorClient,
  SpoorError,
} from './index.js';
