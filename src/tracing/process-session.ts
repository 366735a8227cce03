import { ROOT_CONTEXT, type Context } from '@opentelemetry/api';
import { setBaseContext } from './active-context.js';
import { closeSession, openSession, type SessionState } from './session.js';
import { warnOnce } from './diag.js';

let name: string | undefined;
let session: SessionState | undefined;
let isOpening = false;

/**
 * Makes the process one session, or undoes that. It opens with the first span that is in no other session, so that a
 * program that names its own sessions never sees it, and ends with the process.
 */
export function setProcessSession(sessionName: string | undefined): void {
  if (sessionName === name) return;
  if (session !== undefined) closeSession(session, {});
  name = sessionName;
  session = undefined;
  setBaseContext(sessionName === undefined ? undefined : processContext);
}

function processContext(): Context {
  if (isOpening) return ROOT_CONTEXT;
  isOpening = true;
  try {
    session ??= openSession(name === undefined ? {} : { name });
    return session.ended ? ROOT_CONTEXT : session.context;
  } catch (error) {
    warnOnce('process-session', 'the session of the process could not be opened', error);
    return ROOT_CONTEXT;
  } finally {
    isOpening = false;
  }
}
