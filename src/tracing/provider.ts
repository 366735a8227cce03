import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api';

/**
 * Where spans are made. Asked anew for every span, because an app may register its own provider at any time and that one
 * always wins (unless mode `own` says otherwise). Until then the starter, set by the entry that loaded us, brings up a
 * provider of our own that is never registered globally: registering would make the app's own registration fail.
 */
const SCOPE = 'spoor';

let starter: (() => TracerProvider | undefined) | undefined;
let own: TracerProvider | undefined;
let isolated = false;

/** The entry points say how a provider of our own is made. It is called at most once, at the first span. */
export function setProviderStarter(start: (() => TracerProvider | undefined) | undefined): void {
  starter = start;
  own = undefined;
}

/** Mode `own`: ignore the app's provider. */
export function setIsolated(value: boolean): void {
  isolated = value;
}

/** True in mode `own`. */
export function isIsolated(): boolean {
  return isolated;
}

/** The provider that the app registered, or undefined when the global one is still the empty proxy. */
export function registeredProvider(): TracerProvider | undefined {
  const provider = trace.getTracerProvider();
  if (!('getDelegateTracer' in provider)) return provider;
  const proxy = provider as TracerProvider & { getDelegateTracer(name: string): Tracer | undefined };
  return proxy.getDelegateTracer(SCOPE) === undefined ? undefined : provider;
}

/** The tracer for the next span, or undefined when nothing records. */
export function currentTracer(scope: string = SCOPE, version?: string): Tracer | undefined {
  const registered = isolated ? undefined : registeredProvider();
  if (registered) return registered.getTracer(scope, version);
  if (own === undefined && starter !== undefined) {
    const start = starter;
    starter = undefined;
    own = start();
  }
  return own?.getTracer(scope, version);
}
