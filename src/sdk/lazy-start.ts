import { createRequire } from 'node:module';
import { isLoopback, tracesUrl } from '../config/endpoint.js';
import { setContentDefault } from '../config/content-policy.js';
import { currentSettings, resolvedSettings } from '../config/settings.js';
import { warnOnce } from '../tracing/diag.js';
import { isJoined, setIsolated, setJoinHandler, setJoinOnly, setProviderStarter } from '../tracing/provider.js';

/**
 * Ties the tracing to the SDK without loading it: that happens at the first span, synchronously, or in an idle moment
 * before. This is all of the SDK side that the preload loads.
 */
const requireHere = createRequire(import.meta.url);

type StartModule = typeof import('./start.js');

/** Puts the settings now in force to work. May be called again: the newest settings hold for a provider not yet started. */
export function prepareStart(): void {
  const { mode } = currentSettings();
  setIsolated(mode === 'own');
  setJoinOnly(mode === 'join');
  setContentDefault(sendsToLoopback);
  setJoinHandler((provider) => attempt('join', () => loadStart().joinProvider(provider)));
  setProviderStarter(() => attempt('start', () => loadStart().startProvider()));
  setImmediate(warmUp).unref();
}

/** Content is on by default only while it stays on this machine: never when an app's own exporters get the spans. */
function sendsToLoopback(): boolean {
  const resolved = resolvedSettings();
  return !isJoined() && isLoopback(tracesUrl(resolved));
}

function loadStart(): StartModule {
  return requireHere('./start.js') as StartModule;
}

/** After the program's first turn, so that its own start is not delayed and its first span is not either. */
function warmUp(): void {
  attempt('load', loadStart);
}

function attempt<T>(what: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    warnOnce(`sdk:${what}`, `the OpenTelemetry SDK side could not ${what}`, error);
    return undefined;
  }
}
