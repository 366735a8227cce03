import { guard } from '../src/instrument/guard.js';
import { instrumentationFor, type SdkInstrumentation } from '../src/instrument/instrumentation-base.js';
import { instrumentLoaded } from '../src/instrument/loaded-modules.js';
import { registerModuleHooks, type ModuleHooks } from '../src/instrument/module-hooks.js';
import { REGISTRY } from './registry.js';

export interface InstallOptions {
  /** Switches by name; what is not named is on. */
  instrumentations?: Readonly<Record<string, boolean>> | undefined;
  /** False when no ESM loader hook is wanted. Default true. */
  hooks?: boolean;
}

/** What was installed. */
export interface Installed {
  instrumentations: SdkInstrumentation[];
  hooks: ModuleHooks | undefined;
}

let installed: Installed | undefined;

/**
 * Starts the instrumentations, for every copy of their SDKs that is loaded from now on and, where they can be found, for
 * those loaded already. A second call returns what the first one installed. Never throws.
 */
export function installInstrumentations(options: InstallOptions = {}): Installed {
  if (installed !== undefined) return installed;
  const lines = REGISTRY.filter(({ name }) => options.instrumentations?.[name] !== false);
  const modules = lines.flatMap((line) => line.modules);
  const files = lines.flatMap((line) => line.files ?? []);
  const hooks =
    options.hooks === false || modules.length === 0 ? undefined : registerModuleHooks(modules, files);
  const instrumentations = lines.flatMap(
    (line) => guard(`start of ${line.name}`, () => new (instrumentationFor(line))()) ?? [],
  );
  installed = { instrumentations, hooks };
  instrumentLoadedModules();
  return installed;
}

/** What `installInstrumentations` installed, if it did. */
export function currentInstallation(): Installed | undefined {
  return installed;
}

/** Patches the CJS copies of SDKs that are loaded already. Returns how many were found. */
export function instrumentLoadedModules(): number {
  let found = 0;
  for (const instrumentation of installed?.instrumentations ?? []) {
    for (const module of instrumentation.line().modules) {
      found += guard('loaded modules', () => instrumentLoaded(instrumentation, module)) ?? 0;
    }
  }
  return found;
}

/** Takes every patch back. The loader hooks stay and do nothing. */
export function uninstallInstrumentations(): void {
  for (const instrumentation of installed?.instrumentations ?? [])
    guard('stop', () => instrumentation.disable());
  installed = undefined;
}

/** Fresh instrumentations for an app's own `registerInstrumentations({ instrumentations: spoorInstrumentations() })`. */
export function spoorInstrumentations(): SdkInstrumentation[] {
  return REGISTRY.map((line) => new (instrumentationFor(line))());
}
