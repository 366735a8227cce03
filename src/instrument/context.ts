/** What a framework needs to place its spans: which context is active, how to make one active, what a type of span is called. */
export { activeContext, runInContext } from '../tracing/active-context.js';
export { observationIdentity, observationKind } from '../tracing/observation-kinds.js';
