import type { TracerProvider } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { storageList } from '../config/storage.js';
import { resolvedSettings } from '../config/settings.js';
import { resolveOwnTargets, resolveTargets } from '../config/targets.js';
import { warnOnce } from '../tracing/diag.js';
import { setTakesChosenTraceId } from '../tracing/trace-id.js';
import { attachProcessor } from './attach.js';
import { addDelivery, addSpanProcessor, watchProcessEnd } from './process-end.js';
import { forwarded } from './forward-filter.js';
import { createIdGenerator } from './id-generator.js';
import { startImages } from './images.js';
import { createResource } from './resource.js';
import { gated } from './sample-gates.js';
import { createSampler } from './sampler.js';
import { SpoorSpanProcessor } from './span-processor.js';
import { noteStart } from './started.js';
import { createStorages } from './storage/create-storages.js';

/**
 * The part that loads the OpenTelemetry SDK. It is required at the first span, never by the preload itself.
 * @returns the provider of our own, or undefined when nothing is to be recorded.
 */
export function startProvider(): TracerProvider | undefined {
  const resolved = resolvedSettings();
  const { settings } = resolved;
  reportProblems(resolved.problems);
  if (!settings.enabled || storageList(settings.storage).length === 0) return undefined;
  startImages(settings);
  const { targets, problems } = resolveTargets(resolved);
  reportProblems(problems);
  const storages = createStorages(settings, targets);
  const stamping = new SpoorSpanProcessor({ masks: false });
  const provider = new NodeTracerProvider({
    resource: createResource(settings),
    sampler: createSampler(),
    idGenerator: createIdGenerator(),
    spanProcessors: [stamping, ...gated(storages, true)],
  });
  setTakesChosenTraceId(true);
  addSpanProcessor(stamping);
  for (const storage of storages) addDelivery(storage);
  watchProcessEnd();
  noteStart();
  if (settings.mode === 'global') provider.register();
  return provider;
}

/**
 * Makes an app's provider carry our stamps and, when an endpoint was given for spoor itself, our export beside its own.
 * Storages other than a receiver were asked for in so many words, so they are there too.
 */
export function joinProvider(provider: TracerProvider): void {
  const resolved = resolvedSettings();
  reportProblems(resolved.problems);
  const stamping = new SpoorSpanProcessor();
  // The app may have listed the processor itself, or be of a shape that takes none: its spans are still recorded into.
  if (attachProcessor(provider, stamping)) addSpanProcessor(stamping);
  watchProcessEnd();
  noteStart();
  startImages(resolved.settings);
  const { targets, problems } = resolveOwnTargets(resolved);
  reportProblems(problems);
  const storages = createStorages(resolved.settings, targets);
  for (const processor of forwarded(gated(storages, false), resolved.settings.forward)) {
    if (!attachProcessor(provider, processor)) return;
  }
  for (const storage of storages) addDelivery(storage);
}

function reportProblems(problems: readonly string[]): void {
  for (const problem of problems) warnOnce(`environment:${problem}`, problem);
}
