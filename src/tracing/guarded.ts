import { SpoorError } from '../shared/errors.js';
import { warnOnce } from './diag.js';

/**
 * Runs telemetry code inside the program's call path: what goes wrong is reported once and `fallback` is returned. Only
 * an error of wrong use, which has a code, goes on to the caller.
 */
export function guarded<T>(what: string, fallback: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SpoorError) throw error;
    warnOnce(`guarded:${what}`, `${what} failed`, error);
    return fallback;
  }
}
