import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { ATTR_SESSION_ID } from '../../../semconv/attributes.js';
import type { OnStuck } from '../../config/options.js';
import { currentSettings } from '../../config/settings.js';
import { knownSession } from '../../tracing/session.js';

/** Whoever wants to know what is stuck in the session of a span. A leaf: nobody does in most programs. */
export function stuckListener(span: ReadableSpan): { sessionId: string; tell: OnStuck } | undefined {
  const sessionId = span.attributes[ATTR_SESSION_ID];
  if (typeof sessionId !== 'string') return undefined;
  const tell = knownSession(sessionId)?.onStuck ?? currentSettings().onStuck;
  return tell === undefined ? undefined : { sessionId, tell };
}
