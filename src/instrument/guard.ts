import { warnOnce } from '../tracing/diag.js';

/** Runs a piece of telemetry. What it throws is reported once for each `cause` and never reaches the program. */
export function guard<T>(cause: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warnOnce(`instrument:${cause}`, `telemetry failed in ${cause}; the program is not affected`, error);
    return undefined;
  }
}

/** Says once why something is not traced. */
export function explain(cause: string, message: string): void {
  warnOnce(`instrument:${cause}`, message);
}
