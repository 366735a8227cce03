import { hasAppProvider } from '../../src/instrument/app-provider.js';
import type { Unpatch } from '../../src/instrument/call-mapper.js';
import { fieldsOf, listOf } from '../../src/instrument/read.js';
import type { MistralClient, TracingHook } from './sdk-types.js';

/**
 * From 2.7 on the SDK can make a span for each request by itself, when the program asks for that. It says so in one of the
 * hooks of the client, in an environment variable, or by a provider that is set for all clients. A program that asked is left
 * with the SDK's spans, wherever they would stand beside ours.
 */
type ProviderReader = () => unknown;
let readRegistered: ProviderReader | undefined;

/** Keeps the function that tells which provider was set for all clients. */
export function keepProviderReader(observability: unknown): Unpatch[] {
  const read = fieldsOf(observability)['getRegisteredTracerProvider'];
  if (typeof read !== 'function') return [];
  readRegistered = read as ProviderReader;
  return [() => (readRegistered = undefined)];
}

/** True when the SDK's own span is the one to keep. Spans that it sends to its maker are its own business: they double none. */
export function tracesItself(client: MistralClient): boolean {
  const hook = listOf(client._options?.hooks?.beforeRequestHooks).map(fieldsOf).find(isTracingHook);
  if (hook === undefined) return false;
  if (hook.tracerProvider !== undefined) return hook._autoTelemetryProvider === undefined;
  if (usesGlobalProvider(hook)) return hasAppProvider();
  return readRegistered?.() !== undefined;
}

function isTracingHook(hook: TracingHook): hook is TracingHook {
  return hook._mistralTracingHook === true;
}

function usesGlobalProvider(hook: TracingHook): boolean {
  if (hook._telemetryUseGlobalProvider === true) return true;
  const asked = process.env['MISTRAL_SDK_TELEMETRY']?.trim().toLowerCase();
  return asked === 'global' && hook._telemetryAutoDisabled !== true;
}
