import type { Session } from '../../../semconv/model/session.js';
import type { Status } from '../../../semconv/model/observation.js';

/** How a session or a part of it stands, in one word and one colour. */
export interface State {
  tone: 'running' | 'good' | 'bad' | 'neutral';
  word: string;
}

/** The user's own verdict comes first, then the status, then whether it is still open. */
export function sessionState(session: Session): State {
  if (session.isSuccessful === true) return { tone: 'good', word: 'successful' };
  if (session.isSuccessful === false) return { tone: 'bad', word: 'failed' };
  return workState(session);
}

/** The state of a step or an observation. */
export function workState(work: { status: Status; endMs?: number }): State {
  if (work.status === 'error') return { tone: 'bad', word: 'error' };
  if (work.endMs === undefined) return { tone: 'running', word: 'running' };
  return work.status === 'ok' ? { tone: 'good', word: 'ok' } : { tone: 'neutral', word: 'ended' };
}

/** What to call a session: its name, its agent, or the start of its id. */
export function sessionTitle(session: Session): string {
  return session.name || session.agentName || session.agentId || `Session ${session.id.slice(0, 8)}`;
}
