import type { Context } from '@opentelemetry/api';
import { activeContext } from './active-context.js';
import { warnOnce } from './diag.js';
import { openEvents } from './event.js';
import { recordProcessExit } from './process-exit-event.js';
import { closeSession, openSessions, sessionOf, type SessionEnding } from './session.js';
import { openSteps } from './step.js';

/** Ends work of another layer that is still open, such as LLM calls in flight. Runs before the sessions are ended. */
export type EndingTask = () => void;

const tasks = new Set<EndingTask>();

/** Adds a task to the end of the process. Returns the function that takes it back. */
export function onEnding(task: EndingTask): () => void {
  tasks.add(task);
  return () => tasks.delete(task);
}

/**
 * Ends everything that is open, innermost first: work of other layers, events, steps, sessions. Synchronous, because the
 * process may have no other turn left. Never throws.
 */
export function endOpenWork(ending: SessionEnding): void {
  for (const task of tasks) attempt('task', task);
  for (const event of openEvents().toReversed()) attempt('event', () => event.endForUser());
  for (const step of openSteps().toReversed()) attempt('step', () => step.endForUser());
  recordCrash(ending);
  for (const session of openSessions().toReversed())
    attempt('session', () => closeSession(session, {}, ending));
}

/** Says in every open session, or else in that of the process, what ended the process. No crash, no event. */
export function recordCrash(ending: SessionEnding): void {
  if (ending.error === undefined) return;
  attempt('crash', () => {
    const open = openSessions();
    const contexts = open.length === 0 ? processSessionContexts() : open.map((session) => session.context);
    for (const context of contexts) attempt('crash', () => recordProcessExit(context, ending));
  });
}

function processSessionContexts(): Context[] {
  const context = activeContext();
  return sessionOf(context)?.ended === false ? [context] : [];
}

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    warnOnce(`ending:${what}`, 'open work could not be ended', error);
  }
}
