import { SpanKind, type Attributes, type SpanContext } from '@opentelemetry/api';
import { ATTR_SESSION_ID } from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_AMENDMENT_TARGET,
  ATTR_SPOOR_AMENDMENT_TARGET_ID,
  SPAN_NAME_AMENDMENT,
} from '../../semconv/spoor-attributes.js';
import { contextOfSpan, startSpan } from './start-span.js';

/** Something that ended, or lives in another process, and whose facts may still change. */
export interface AmendmentTarget {
  readonly concept: 'session' | 'step' | 'event' | 'observation';
  readonly id: string;
  /** Absent when this process did not make the target's span. */
  readonly spanContext: SpanContext | undefined;
  readonly sessionId: string | undefined;
  /** Attributes that say where the target belongs, such as the step that an event was made in. */
  readonly identity?: Attributes;
}

/**
 * Says a fact learnt after its target ended. Ended spans cannot change, so this is a span of its own: zero length, linked
 * to its target and in its trace, with only the fields that change. No field, no span.
 */
export function amend(target: AmendmentTarget, changes: Attributes): void {
  if (Object.keys(changes).length === 0) return;
  const now = Date.now();
  const span = startSpan(
    `${SPAN_NAME_AMENDMENT} ${target.concept}`,
    {
      kind: SpanKind.INTERNAL,
      startTime: now,
      links: target.spanContext === undefined ? [] : [{ context: target.spanContext }],
      attributes: {
        ...(target.sessionId === undefined ? {} : { [ATTR_SESSION_ID]: target.sessionId }),
        ...target.identity,
        [ATTR_SPOOR_AMENDMENT_TARGET]: target.concept,
        [ATTR_SPOOR_AMENDMENT_TARGET_ID]: target.id,
        ...changes,
      },
    },
    contextOfSpan(target.spanContext),
  );
  span.end(now);
}
