import { trace, type Context } from '@opentelemetry/api';
import { activeContext } from './active-context.js';
import { guarded } from './guarded.js';
import { contextAttributes, traceOf } from './scope.js';
import { ATTR_SESSION_ID, ATTR_USER_ID } from '../../semconv/attributes.js';
import { ATTR_SPOOR_TAGS } from '../../semconv/spoor-attributes.js';
import { validSpanContext } from './start-span.js';

/** What is known of the trace around a call, at the time of asking. */
export interface TraceView {
  readonly traceId: string;
  /** Absent when the trace was not opened with `instrument`. */
  readonly name?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Absent when the trace was not opened with `instrument`. */
  readonly startTime?: Date;
}

/** The trace around the call. */
export function getCurrentTrace(): TraceView | undefined {
  return guarded('getCurrentTrace', undefined, () => viewOf(activeContext()));
}

function viewOf(context: Context): TraceView | undefined {
  const active = validSpanContext(trace.getSpan(context));
  const found = traceOf(context);
  const opened =
    found !== undefined && (active === undefined || active.traceId === found.traceId) ? found : undefined;
  const traceId = active?.traceId ?? opened?.traceId;
  if (traceId === undefined || traceId === '') return undefined;
  const stamps = contextAttributes(context);
  const sessionId = stamps[ATTR_SESSION_ID] as string | undefined;
  const userId = stamps[ATTR_USER_ID] as string | undefined;
  return Object.freeze({
    traceId,
    ...(opened === undefined ? {} : { name: opened.name, startTime: new Date(opened.startMs) }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userId === undefined ? {} : { userId }),
    tags: Object.freeze([...((stamps[ATTR_SPOOR_TAGS] ?? []) as readonly string[])]),
    metadata: Object.freeze({ ...opened?.metadata }),
  });
}
