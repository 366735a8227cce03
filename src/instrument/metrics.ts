/** For a protocol that has metrics beside those of its spans, which are recorded where a span ends. */
export { recordDuration } from '../tracing/metrics.js';
