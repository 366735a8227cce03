import { propagation, type Context } from '@opentelemetry/api';
import { ATTR_SESSION_ID } from '../../semconv/attributes.js';

/**
 * The session's id in W3C baggage: with the option `baggage`, a session goes along with the requests that the app's own
 * propagator marks, and is taken over from those that come in. Nothing is put there by default, because baggage is sent to
 * whoever is called.
 */
let isUsed = false;

export function setUsesBaggage(value: boolean): void {
  isUsed = value;
}

/** The session that a context's baggage names. */
export function sessionInBaggage(context: Context): string | undefined {
  if (!isUsed) return undefined;
  const id = propagation.getBaggage(context)?.getEntry(ATTR_SESSION_ID)?.value;
  return id === '' ? undefined : id;
}

/** A context whose baggage names the session. */
export function withSessionInBaggage(context: Context, sessionId: string): Context {
  if (!isUsed) return context;
  const baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  return propagation.setBaggage(context, baggage.setEntry(ATTR_SESSION_ID, { value: sessionId }));
}
