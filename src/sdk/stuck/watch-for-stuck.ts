import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { OnStuck } from '../../config/options.js';
import { signalFinding } from '../../shared/stuck/signal-finding.js';
import type { StuckSignal } from '../../shared/stuck/stuck-move.js';
import { warnOnce } from '../../tracing/diag.js';
import { spanConcept } from '../span-concept.js';
import { createLiveSession, type LiveSession } from './live-session.js';

/** Sessions that are watched at once; the one that was quiet longest is forgotten first. */
const MOST_SESSIONS = 500;

const watched = new Map<string, LiveSession>();

/** Looks at a span that has ended, for whoever wants to know what is stuck. What the listener throws goes no further. */
export function watchForStuck(span: ReadableSpan, listener: { sessionId: string; tell: OnStuck }): void {
  const { sessionId } = listener;
  const concept = spanConcept(span);
  if (concept === 'session') {
    watched.delete(sessionId);
    return;
  }
  if (concept === 'amendment') return;
  const session = liveSession(sessionId);
  for (const signal of session.take(span, concept)) tell(session, sessionId, signal, listener.tell);
}

function liveSession(sessionId: string): LiveSession {
  const session = watched.get(sessionId) ?? createLiveSession();
  // Again at the end: the first is the one that was quiet longest.
  watched.delete(sessionId);
  watched.set(sessionId, session);
  if (watched.size > MOST_SESSIONS) {
    for (const oldest of watched.keys()) {
      watched.delete(oldest);
      break;
    }
  }
  return session;
}

/** When it begins, and whenever it has doubled since: who took no notice the first time hears again. */
function tell(session: LiveSession, sessionId: string, signal: StuckSignal, listener: OnStuck): void {
  const before = session.told.get(signal);
  if (before !== undefined && signal.repeats < before * 2) return;
  session.told.set(signal, signal.repeats);
  try {
    const answer: unknown = listener(signalFinding(sessionId, session.basis, signal));
    // A listener may be async all the same.
    if (answer instanceof Promise) answer.catch(report);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  warnOnce('on-stuck', '`onStuck` failed', error);
}
