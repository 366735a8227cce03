import { isSpanContextValid, trace, TraceFlags, type Attributes, type Context } from '@opentelemetry/api';
import { SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace-node';
import { ATTR_SESSION_ID } from '../../semconv/attributes.js';
import { contextOfStart } from '../tracing/active-context.js';
import { isSampled, isSampling, keepsLater } from '../tracing/sampling.js';
import { contextAttributes } from '../tracing/scope.js';

/**
 * The sampler of a provider of our own. A span in a session follows the session, whatever trace it is in; another one
 * follows its parent; a trace outside of sessions is decided by its id.
 */
export function createSampler(): Sampler {
  return {
    shouldSample: (context, traceId, name, _kind, attributes) => ({
      decision: isWanted(context, traceId, name, attributes)
        ? SamplingDecision.RECORD_AND_SAMPLED
        : SamplingDecision.NOT_RECORD,
    }),
    toString: () => 'SpoorSampler',
  };
}

function isWanted(context: Context, traceId: string, name: string, attributes: Attributes): boolean {
  const parent = trace.getSpanContext(context);
  const followed = parent !== undefined && isSpanContextValid(parent) ? parent : undefined;
  const isFollowable = followed === undefined || (followed.traceFlags & TraceFlags.SAMPLED) !== 0;
  if (!isSampling()) return isFollowable;
  // Our own spans are stamped already; those of others get their stamps after this.
  const stamped =
    attributes[ATTR_SESSION_ID] === undefined
      ? { ...contextAttributes(contextOfStart(context)), ...attributes }
      : attributes;
  if (stamped[ATTR_SESSION_ID] === undefined && followed !== undefined) return isFollowable;
  return keepsLater() || isSampled(traceId, name, stamped);
}
