import type { Session } from '../../semconv/model/session.js';
import type { SessionQuery } from './store.js';

/** True when a session is what a query asks for; its text is not looked at. */
export function matchesSession(session: Session, query: SessionQuery): boolean {
  return (
    (query.status === undefined || session.status === query.status) &&
    (query.agent === undefined || session.agentName === query.agent || session.agentId === query.agent) &&
    (query.user === undefined || session.userId === query.user) &&
    (query.tag === undefined || (session.tags ?? []).includes(query.tag)) &&
    (query.sinceMs === undefined || session.updatedMs >= query.sinceMs)
  );
}
