/** For the instrumentations, which import the kit only. */
export {
  anchorCall,
  endOpenCalls,
  forgetCall,
  MAX_SILENCE_MS,
  sweepCalls,
  unanchorCall,
  watchCall,
  type WatchedCall,
} from '../tracing/open-calls.js';
