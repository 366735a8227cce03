import type { Observation } from '../../semconv/model/observation.js';
import type { SessionResponse } from '../server/api-types.js';
import { statusWord } from './format.js';

export interface TrailNews {
  /** The session was not seen before. */
  isNew: boolean;
  /** Its status is another than before. */
  isChanged: boolean;
  /** Observations that are new, or that were open before and have ended. */
  observations: Observation[];
}

export interface SeenTrails {
  /** What is new since the last time the same session was given. */
  newsOf(trail: SessionResponse): TrailNews;
}

/** Sessions that are remembered; the one that was longest without news is forgotten first. */
const MAX_SESSIONS = 500;

/** Remembers what was told already, so that each record is told once, and once more when it ends. */
export function createSeenTrails(): SeenTrails {
  const sessions = new Map<string, { status: string; observations: Map<string, boolean> }>();
  return {
    newsOf({ session, observations }) {
      const before = sessions.get(session.id);
      const now = {
        status: statusWord(session),
        observations: new Map(observations.map((observation) => [keyOf(observation), isEnded(observation)])),
      };
      sessions.delete(session.id);
      sessions.set(session.id, now);
      const oldest = sessions.keys().next();
      if (sessions.size > MAX_SESSIONS && oldest.done !== true) sessions.delete(oldest.value);
      return {
        isNew: before === undefined,
        isChanged: before?.status !== now.status,
        observations: observations.filter((observation) => {
          const known = before?.observations.get(keyOf(observation));
          return known === undefined || (!known && isEnded(observation));
        }),
      };
    },
  };
}

function keyOf(observation: Observation): string {
  return `${observation.traceId} ${observation.id}`;
}

function isEnded(observation: Observation): boolean {
  return observation.endMs !== undefined;
}
