import { createHash } from 'node:crypto';
import {
  isValidTraceId,
  TraceFlags,
  trace,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { SpoorError } from '../shared/errors.js';
import { currentTracer, isJoined } from './provider.js';
import { isSampled, keepsLater } from './sampling.js';

/**
 * A trace id made of an id of the program's own: the same text gives the same id, in every process, so that a trace can be
 * found, continued or scored later without keeping its id.
 *
 * @param seed any text, such as the id of a request or a ticket.
 * @returns 32 hexadecimal digits.
 *
 * @example
 * instrument({ name: 'ticket', traceId: traceIdFrom(ticket.id) }, () => answer(ticket));
 * // another day, another process
 * score({ name: 'solved', value: true, target: { kind: 'trace', id: traceIdFrom(ticket.id) } });
 */
export function traceIdFrom(seed: string): string {
  return digest(seed, 32);
}

/**
 * The trace id that was given, in lower case.
 * @throws SpoorError SPOOR_OPTION_INVALID when it is no trace id.
 */
export function parseTraceId(given: string): string {
  const traceId = given.toLowerCase();
  if (isValidTraceId(traceId)) return traceId;
  throw new SpoorError(
    'SPOOR_OPTION_INVALID',
    'Option `traceId`: expected 32 hexadecimal digits, not all zero. `traceIdFrom(id)` makes them of any text.',
  );
}

/** Stands for the root of a trace that this process does not know: derived, so that every process names the same one. */
export function assumedRoot(traceId: string): SpanContext {
  const isWanted = isJoined() || keepsLater() || isSampled(traceId, undefined, {});
  return {
    traceId,
    spanId: digest(`root:${traceId}`, 16),
    traceFlags: isWanted ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}

let chosen: string | undefined;
let takesChosen = false;

/** A provider of our own asks for the id of each new trace. */
export function takeChosenTraceId(): string | undefined {
  const traceId = chosen;
  chosen = undefined;
  return traceId;
}

/** Says whether the provider in use asks. */
export function setTakesChosenTraceId(value: boolean): void {
  takesChosen = value;
}

/**
 * Starts the first span of a trace whose id is given. Our own provider makes it a root; a provider of the app chooses the
 * ids of its roots itself, and gets a parent that names the trace and is never sent.
 */
export function startInTrace(traceId: string, context: Context, start: (context: Context) => Span): Span {
  // The first span of the process brings the provider up: only then is it known whose it is.
  currentTracer();
  if (!takesChosen || isJoined()) {
    const parent = trace.wrapSpanContext(assumedRoot(traceId));
    return start(trace.setSpan(context, parent));
  }
  chosen = traceId;
  try {
    return start(trace.deleteSpan(context));
  } finally {
    chosen = undefined;
  }
}

function digest(text: string, digits: number): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, digits);
  // All zeroes mean "none".
  return /^0+$/.test(hex) ? hex.replace(/0$/, '1') : hex;
}
