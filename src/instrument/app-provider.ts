import type { Tracer } from '@opentelemetry/api';
import { isIsolated, registeredProvider } from '../tracing/provider.js';

/**
 * True while spans go to a provider that the app registered. Only then does an SDK that traces itself make spans too:
 * a provider of our own is never registered. In mode `own` the app's spans are the app's and never double ours.
 */
export function hasAppProvider(): boolean {
  return !isIsolated() && registeredProvider() !== undefined;
}

/** The tracer that the app's own instrumentations get, where the app registered a provider. */
export function appTracer(name: string): Tracer | undefined {
  return registeredProvider()?.getTracer(name);
}
