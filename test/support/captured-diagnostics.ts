import { diag, DiagLogLevel } from '@opentelemetry/api';

const quiet = (): void => undefined;

/** Collects warnings and errors of the diagnostics, until `diag.disable()`. */
export function captureDiagnostics(): string[] {
  const messages: string[] = [];
  const note = (message: string): void => void messages.push(message);
  diag.setLogger(
    { error: note, warn: note, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return messages;
}
