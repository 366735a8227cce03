import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace-node';
import { takeChosenTraceId } from '../tracing/trace-id.js';

/** Random ids, save for the trace whose id the program chose. */
export function createIdGenerator(): IdGenerator {
  const random = new RandomIdGenerator();
  return {
    generateTraceId: () => takeChosenTraceId() ?? random.generateTraceId(),
    generateSpanId: () => random.generateSpanId(),
  };
}
