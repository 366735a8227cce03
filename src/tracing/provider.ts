import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api';
import { currentSettings } from '../config/settings.js';
import { runPendingStart } from '../shared/pending-start.js';

/**
 * Where spans are made. Asked anew for every span, because an app may register its own provider at any time and that one
 * always wins (unless mode `own` says otherwise). Until then the starter, set by the entry that loaded us, brings up a
 * provider of our own that is never registered globally: registering would make the app's own registration fail.
 */
const SCOPE = 'spoor';

let starter: (() => TracerProvider | undefined) | undefined;
let own: TracerProvider | undefined;
let isolated = false;
let joinOnly = false;
let onJoin: ((provider: TracerProvider) => void) | undefined;
const joined = new WeakSet<TracerProvider>();

/** The entry points say how a provider of our own is made. It is called at most once, at the first span. */
export function setProviderStarter(start: (() => TracerProvider | undefined) | undefined): void {
  starter = start;
  own = undefined;
}

/** The provider behind the API's proxy: the one that the app made. */
export function actualProvider(provider: TracerProvider): TracerProvider {
  const proxy = provider as TracerProvider & { getDelegate?: () => TracerProvider };
  return typeof proxy.getDelegate === 'function' ? proxy.getDelegate() : provider;
}

/** Mode `join`: never bring up a provider of our own. */
export function setJoinOnly(value: boolean): void {
  joinOnly = value;
}

/** What is done once with each provider of the app that we record into. */
export function setJoinHandler(handler: ((provider: TracerProvider) => void) | undefined): void {
  onJoin = handler;
}

/** True while spans go to a provider of the app. */
export function isJoined(): boolean {
  const registered = isolated ? undefined : registeredProvider();
  return registered !== undefined && actualProvider(registered) !== own;
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
  // On the path of every call: a provider that made a tracer goes on to, and the API's empty one stays empty.
  const actual = actualProvider(provider);
  if (actual === lastAsked?.provider) return provider;
  if (actual === emptyProvider) return undefined;
  if (tracers.has(actual)) return provider;
  const proxy = provider as TracerProvider & { getDelegateTracer(name: string): Tracer | undefined };
  if (proxy.getDelegateTracer(SCOPE) !== undefined) return provider;
  emptyProvider = actual;
  return undefined;
}

/** What stands behind the API's proxy as long as nothing was registered: one object for all. */
let emptyProvider: TracerProvider | undefined;

/** False when no provider takes spans, nor would one at the first span. Starts nothing. */
export function hasTracer(): boolean {
  if (own !== undefined || (starter !== undefined && !joinOnly)) return true;
  return !isolated && registeredProvider() !== undefined;
}

/** The tracer for the next span, or undefined when nothing records. */
export function currentTracer(scope: string = SCOPE, version?: string): Tracer | undefined {
  runPendingStart();
  if (!currentSettings().enabled) return undefined;
  const registered = isolated ? undefined : registeredProvider();
  if (registered) {
    join(registered);
    return tracerOf(registered, scope, version);
  }
  if (own === undefined && starter !== undefined && !joinOnly) {
    const start = starter;
    starter = undefined;
    own = start();
    // In mode `global` it comes back as the registered one, and must not be joined like an app's.
    if (own !== undefined) joined.add(own);
  }
  return own?.getTracer(scope, version);
}

interface KnownTracers {
  readonly provider: TracerProvider;
  /** By scope. */
  readonly byScope: Map<string, Tracer>;
}

/** Tracers by provider and scope: a provider builds a key to look one up. */
const tracers = new WeakMap<TracerProvider, KnownTracers>();
/** Those of the provider that was asked last: most programs have one. */
let lastAsked: KnownTracers | undefined;

function tracerOf(registered: TracerProvider, scope: string, version: string | undefined): Tracer {
  if (version !== undefined) return registered.getTracer(scope, version);
  const { byScope } = knownTracers(actualProvider(registered));
  let tracer = byScope.get(scope);
  if (tracer === undefined) byScope.set(scope, (tracer = registered.getTracer(scope)));
  return tracer;
}

function knownTracers(provider: TracerProvider): KnownTracers {
  if (provider === lastAsked?.provider) return lastAsked;
  let known = tracers.get(provider);
  if (known === undefined) tracers.set(provider, (known = { provider, byScope: new Map() }));
  return (lastAsked = known);
}

function join(registered: TracerProvider): void {
  if (onJoin === undefined) return;
  const actual = actualProvider(registered);
  if (joined.has(actual)) return;
  joined.add(actual);
  onJoin(actual);
}
