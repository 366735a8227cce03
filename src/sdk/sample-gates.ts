import type { SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { resolvedSettings } from '../config/settings.js';
import { isSampling, keepsLater } from '../tracing/sampling.js';
import { createSampleGate, type SampleCounts, type SampleGate } from './sample-gate.js';

/** The gates of this process: one in front of each pipeline that leaves spans out. */
const gates = new Set<SampleGate>();

/** Puts a gate in front of deliveries, when settings leave anything out that the sampler of the pipeline does not. */
export function gated<T extends SpanProcessor>(
  deliveries: readonly T[],
  hasOurSampler: boolean,
): readonly (T | SampleGate)[] {
  // OpenTelemetry's variable speaks to the app's own sampler, which has left out what it should.
  const isAppsShare = resolvedSettings().sources['sample'] === 'OTEL_TRACES_SAMPLER';
  const isNeeded = keepsLater() || (isSampling() && !hasOurSampler && !isAppsShare);
  if (!isNeeded || deliveries.length === 0) return deliveries;
  const gate = createSampleGate(deliveries);
  gates.add(gate);
  return [gate];
}

/** The end of the process: sends on what is still undecided. */
export function settleSampleGates(): void {
  for (const gate of gates) gate.settle();
}

/** What sampling left out or holds back; undefined where no gate stands. */
export function sampleCounts(): SampleCounts | undefined {
  if (gates.size === 0) return undefined;
  const total = { held: 0, sampledOut: 0 };
  for (const gate of gates) {
    const counts = gate.counts();
    total.held += counts.held;
    total.sampledOut += counts.sampledOut;
  }
  return total;
}

/** Forgets every gate, after letting go of what they hold. */
export function forgetSampleGates(): void {
  settleSampleGates();
  gates.clear();
}
