import { activeContext, enterContext, runInContext } from './active-context.js';
import { guarded } from './guarded.js';
import {
  changeSession,
  closeSession,
  contextOfSession,
  joinSession,
  knownSession,
  openSession,
  sessionOf,
  type SessionFields,
  type SessionOptions,
  type SessionState,
} from './session.js';
import { warnOnce } from './diag.js';
import { runSettled } from './when-settled.js';

/** A session in the hand of the program. No method throws. */
export interface SessionHandle {
  readonly id: string;
  /** Changes facts; after the end this is an amendment, which does not reopen the session. */
  update(fields: SessionFields): void;
  /** Ends the session and its open steps. A second end only says what is new. */
  end(fields?: SessionFields): void;
  /** Runs `fn` inside the session, without ending it. */
  run<R>(fn: () => R): R;
}

/** Opens a session, which is the current one for the rest of this async context. End it with the handle or `endSession`. */
export function startSession(options: SessionOptions = {}): SessionHandle {
  return guarded('startSession', EMPTY_SESSION, () => enter(openSession(options)));
}

/**
 * Runs `fn` in a session of its own, which ends when `fn` does. The result and the error of `fn` are passed on as they are.
 */
export function withSession<R>(options: SessionOptions, fn: (session: SessionHandle) => R): R {
  const session = guarded('withSession', undefined, () => openSession(options));
  if (session === undefined) return fn(EMPTY_SESSION);
  return runSettled(() => runInContext(session.context, fn, undefined, handleOf(session)), {
    done: () => closeSession(session, {}),
    failed: (error) => closeSession(session, {}, { reason: 'user', error }),
  });
}

/** Goes on with a session of another process or another day: it gets no second span, and facts become amendments. */
export function continueSession(id: string): SessionHandle {
  return guarded('continueSession', EMPTY_SESSION, () => enter(joinSession(id)));
}

/** Runs `fn` inside the session with this id, without ending it. */
export function bindSession<R>(id: string, fn: () => R): R {
  const session = guarded('bindSession', undefined, () => joinSession(id));
  return session === undefined ? fn() : runInContext(contextOfSession(session), fn);
}

/** Changes facts of the current session, or of the one that `sessionId` names, open or not. */
export function updateSession(fields: SessionFields & { sessionId?: string; session_id?: string }): void {
  guarded('updateSession', undefined, () => {
    const session = target(fields, 'updateSession');
    if (session !== undefined) changeSession(session, fields);
  });
}

/** Ends the current session, or the one that `sessionId` names. */
export function endSession(fields: SessionFields & { sessionId?: string; session_id?: string } = {}): void {
  guarded('endSession', undefined, () => {
    const session = target(fields, 'endSession');
    if (session !== undefined) closeSession(session, fields);
  });
}

/** The session of this async context, if one is open. */
export function currentSession(): SessionHandle | undefined {
  return guarded('currentSession', undefined, () => {
    const session = sessionOf(activeContext());
    return session === undefined || session.ended ? undefined : handleOf(session);
  });
}

function target(
  fields: { sessionId?: string; session_id?: string },
  caller: string,
): SessionState | undefined {
  const id = fields.sessionId ?? fields.session_id;
  if (id !== undefined) return knownSession(id) ?? joinSession(id);
  const session = sessionOf(activeContext());
  if (session === undefined || session.ended)
    warnOnce(`${caller}:none`, `${caller}: no session is open here`);
  return session?.ended === true ? undefined : session;
}

function enter(session: SessionState): SessionHandle {
  enterContext(contextOfSession(session));
  return handleOf(session);
}

function handleOf(session: SessionState): SessionHandle {
  return {
    id: session.id,
    update: (fields) => guarded('session.update', undefined, () => changeSession(session, fields)),
    end: (fields = {}) => guarded('session.end', undefined, () => closeSession(session, fields)),
    run: (fn) => runInContext(contextOfSession(session), fn),
  };
}

const EMPTY_SESSION: SessionHandle = {
  id: '',
  update: () => undefined,
  end: () => undefined,
  run: (fn) => fn(),
};
