import { setContentDefault } from '../config/content-policy.js';
import {
  followSettings,
  resolvedSettings,
  type ResolvedSettings,
  type Settings,
} from '../config/settings.js';
import { storageList } from '../config/storage.js';
import type * as TargetsNamespace from '../config/targets.js';
import { lateModule } from '../shared/late.js';
import { setUsesBaggage } from '../tracing/baggage.js';
import { setProcessSession } from '../tracing/process-session.js';
import { printDiagnostics, warnOnce } from '../tracing/diag.js';
import {
  currentTracer,
  isJoined,
  setIsolated,
  setJoinHandler,
  setJoinOnly,
  setProviderStarter,
} from '../tracing/provider.js';
import { followRecordingSettings } from './recording/recording.js';
import type * as StartNamespace from './start.js';
import { hasStarted } from './started.js';

/**
 * Ties the tracing to the SDK without loading it: that happens at the first span, synchronously, or in an idle moment
 * before. This is all of the SDK side that the preload loads.
 */
const loadStart = lateModule<typeof StartNamespace>('./start.js', import.meta.url);
const targetsModule = lateModule<typeof TargetsNamespace>('../config/targets.js', import.meta.url);

/** Puts settings to work. May be called again as long as no provider was started. */
export function prepareStart(settings: Settings): void {
  const { mode, debug, session } = settings;
  followSettings(takeUp);
  followRecordingSettings(settings);
  if (debug) printDiagnostics();
  setProcessSession(session);
  setUsesBaggage(settings.baggage === true);
  setIsolated(mode === 'own');
  setJoinOnly(mode === 'join');
  setContentDefault(sendsToLoopback);
  setJoinHandler((provider) => attempt('join', () => loadStart().joinProvider(provider)));
  setProviderStarter(() => attempt('start', () => loadStart().startProvider()));
  if (mode === 'global') currentTracer();
  else setImmediate(warmUp).unref();
}

/** What a `.env` said after the start was prepared. What runs already goes on as it is. */
function takeUp(settings: Settings): void {
  setUsesBaggage(settings.baggage === true);
  if (hasStarted()) followRecordingSettings(settings);
  else if (settings.enabled) prepareStart(settings);
  else setProviderStarter(undefined);
}

/** Content is on by default only while it stays on this machine: never when an app's own exporters get the spans. */
function sendsToLoopback(): boolean {
  if (isJoined()) return false;
  const resolved = resolvedSettings();
  // Asked for every call: the address is judged once for each set of settings.
  if (judged?.resolved !== resolved) judged = { resolved, isLoopback: staysHere(resolved) };
  return judged.isLoopback;
}

/** Files and memory are of this machine; what is printed goes wherever the program's output goes. */
function staysHere(resolved: ResolvedSettings): boolean {
  const storages = storageList(resolved.settings.storage);
  if (storages.every((storage) => storage === 'file' || storage === 'memory')) return true;
  // What cannot be told is not said to stay here.
  return attempt('find its targets', () => targetsModule().staysOnLoopback(resolved)) ?? false;
}
let judged: { resolved: ResolvedSettings; isLoopback: boolean } | undefined;

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
