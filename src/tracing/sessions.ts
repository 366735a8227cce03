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
  type SessionOptions,
  type SessionState,
} from './session.js';
import { warnOnce } from './diag.js';
import { scoreSession, withNamedRubric } from './late-score.js';
import type { SessionResult } from './session-scores.js';
import { runSettled } from './when-settled.js';

/** A session in the hand of the program. No method throws. */
export interface SessionHandle {
  readonly concept: 'session';
  readonly id: string;
  /** Changes facts; after the end this is an amendment, which does not reopen the session. */
  update(fields: SessionResult): void;
  /** Ends the session and its open steps. A second end only says what is new. */
  end(fields?: SessionResult): void;
  /** Runs `fn` inside the session, without ending it. */
  run<R>(fn: () => R): R;
}

type SessionTarget = SessionResult & { sessionId?: string; session_id?: string };

/**
 * Opens a session, which is the current one for the rest of this async context. End it with the handle or `endSession`.
 * @example
 * const session = startSession({ name: 'checkout', agentId: 'buyer', task: 'Buy a kettle' });
 * session.end({ isSuccessful: true });
 */
export function startSession(options: SessionOptions = {}): SessionHandle {
  return guarded('startSession', EMPTY_SESSION, () => enter(openSession(options)));
}

/**
 * Runs `fn` in a session of its own, which ends when `fn` does. The result and the error of `fn` are passed on as they are.
 * @example
 * const answer = await withSession({ name: 'support', userId: 'ann' }, () => runAgent(question));
 */
export function withSession<R>(options: SessionOptions, fn: (session: SessionHandle) => R): R {
  const session = guarded('withSession', undefined, () => openSession(options));
  if (session === undefined) return fn(EMPTY_SESSION);
  return runSettled(() => runInContext(session.context, fn, undefined, handleOf(session)), {
    done: () => closeSession(session, {}),
    failed: (error) => closeSession(session, {}, { reason: 'user', error }),
  });
}

/**
 * Goes on with a session of another process or another day: it gets no second span, and facts become amendments.
 * @example
 * continueSession(job.sessionId);
 * endSession({ isSuccessful: true });
 */
export function continueSession(id: string): SessionHandle {
  return guarded('continueSession', EMPTY_SESSION, () => enter(joinSession(id)));
}

/**
 * Runs `fn` inside the session with this id, without ending it.
 * @example
 * queue.process((job) => bindSession(job.sessionId, () => handle(job)));
 */
export function bindSession<R>(id: string, fn: () => R): R {
  const session = guarded('bindSession', undefined, () => joinSession(id));
  return session === undefined ? fn() : runInContext(contextOfSession(session), fn);
}

/**
 * Changes facts of the current session, or of the one that `sessionId` names, open or not.
 * @example
 * updateSession({ tags: ['beta'] });
 * updateSession({ sessionId: 'checkout-17', isSuccessful: false });
 */
export function updateSession(fields: SessionTarget = {}): void {
  guarded('updateSession', undefined, () => {
    const session = target(fields, 'updateSession');
    if (session !== undefined) change(session, fields);
  });
}

/**
 * Ends the current session, or the one that `sessionId` names.
 * @example
 * endSession({ isSuccessful: true, sessionEval: 4.5, scores: [{ name: 'tone', value: 4, source: 'human' }] });
 */
export function endSession(fields: SessionTarget = {}): void {
  guarded('endSession', undefined, () => {
    const session = target(fields, 'endSession');
    if (session !== undefined) close(session, fields);
  });
}

/**
 * The session of this async context, if one is open.
 * @example
 * response.setHeader('x-session', currentSession()?.id ?? '');
 */
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

function change(session: SessionState, fields: SessionResult): void {
  changeSession(session, withNamedRubric(fields));
  scoreSession(session.id, fields);
}

/** The scores come first, so that whoever watches the session's end has them. */
function close(session: SessionState, fields: SessionResult): void {
  try {
    scoreSession(session.id, fields);
  } finally {
    closeSession(session, withNamedRubric(fields));
  }
}

function enter(session: SessionState): SessionHandle {
  enterContext(contextOfSession(session));
  return handleOf(session);
}

function handleOf(session: SessionState): SessionHandle {
  return {
    concept: 'session',
    id: session.id,
    update: (fields) => guarded('session.update', undefined, () => change(session, fields)),
    end: (fields = {}) => guarded('session.end', undefined, () => close(session, fields)),
    run: (fn) => runInContext(contextOfSession(session), fn),
  };
}

const EMPTY_SESSION: SessionHandle = {
  concept: 'session',
  id: '',
  update: () => undefined,
  end: () => undefined,
  run: (fn) => fn(),
};
