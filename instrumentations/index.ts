/** Entry `spoor/instrumentations`: every instrumentation, for apps that set OpenTelemetry up by themselves. */
export {
  installInstrumentations,
  instrumentLoadedModules,
  spoorInstrumentations,
  uninstallInstrumentations,
  type InstallOptions,
  type Installed,
} from './install.js';
export { REGISTRY } from './registry.js';
export { endOpenCalls } from '../src/instrument/open-calls.js';
export { withCallsSuppressed } from '../src/instrument/suppress.js';
