import { DiagLogLevel, diag, type DiagLogFunction } from '@opentelemetry/api';

/**
 * The way in which telemetry reports its own trouble: one line per cause, through OpenTelemetry's diagnostics, never by
 * throwing and never to the console unless the user asked for diagnostics.
 */
const reported = new Map<string, string>();
const MAX_CAUSES = 1000;

/** Warns through `diag`, once for each `cause` in the life of the process. Never throws. */
export function warnOnce(cause: string, message: string, error?: unknown): void {
  report('warn', cause, message, error);
}

/** As `warnOnce`, for trouble that loses telemetry. */
export function errorOnce(cause: string, message: string, error?: unknown): void {
  report('error', cause, message, error);
}

function report(level: 'warn' | 'error', cause: string, message: string, error: unknown): void {
  try {
    if (reported.has(cause) || reported.size >= MAX_CAUSES) return;
    const text = error === undefined ? message : `${message}: ${describeError(error)}`;
    reported.set(cause, text);
    diag[level](`spoor: ${text}`);
  } catch {
    // A diagnostics logger that throws is not a reason to disturb the program.
  }
}

/** Everything that was reported so far, a line for each cause. */
export function reportedMessages(): string[] {
  return [...reported.values()];
}

/** Forgets what was reported, so that a test sees the first report again. */
export function resetReported(): void {
  reported.clear();
}

const API_GLOBAL = Symbol.for('opentelemetry.js.api.1');

const print: DiagLogFunction = (message) => {
  process.stderr.write(`${message}\n`);
};
const silent: DiagLogFunction = () => undefined;

/** Prints diagnostics on stderr, unless the app has a diagnostics logger of its own. */
export function printDiagnostics(): void {
  const api = (globalThis as { [API_GLOBAL]?: { diag?: unknown } })[API_GLOBAL];
  if (api?.diag !== undefined) return;
  diag.setLogger(
    { error: print, warn: print, info: print, debug: silent, verbose: silent },
    DiagLogLevel.INFO,
  );
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
