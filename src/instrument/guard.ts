import { warnOnce } from '../tracing/diag.js';

/** Runs a piece of telemetry. What it throws is reported once for each `cause` and never reaches the program. */
export function guard<T>(cause: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    report(cause, error);
    return undefined;
  }
}

/** Says once for each `cause` that a piece of telemetry threw: for the path of every call, where `guard` is a closure too many. */
export function report(cause: string, error: unknown): void {
  warnOnce(`instrument:${cause}`, `telemetry failed in ${cause}; the program is not affected`, error);
}

/** Says once why something is not traced. */
export function explain(cause: string, message: string): void {
  warnOnce(`instrument:${cause}`, message);
}
