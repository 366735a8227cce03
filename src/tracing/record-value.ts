import {
  metrics,
  type Attributes,
  type Context,
  type Histogram,
  type MeterProvider,
} from '@opentelemetry/api';
import { EMIT_PROFILE } from '../../semconv/aliases.js';
import { METRICS } from '../../semconv/metrics.js';
import { SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';
import { factOf, type Facts } from './meter.js';

/** What the conventions say of a metric. */
interface Metric {
  readonly unit: string;
  readonly description: string;
  readonly boundaries?: readonly number[];
  readonly attributes: readonly string[];
}

const TABLE: Readonly<Record<string, Metric>> = METRICS;

let provider: MeterProvider | undefined;
let histograms = new Map<string, Histogram>();

/** Records one value of a metric of the conventions, with those of its attributes that are known. */
export function recordValue(name: string, value: number, facts: Facts, context: Context): void {
  const metric = TABLE[name];
  if (metric === undefined) return;
  const attributes: Attributes = {};
  for (const key of metric.attributes) {
    const fact = factOf(facts, key);
    if (fact !== undefined) attributes[key] = fact;
  }
  histogramOf(name, metric).record(value, attributes, context);
}

function histogramOf(name: string, { unit, description, boundaries }: Metric): Histogram {
  const current = metrics.getMeterProvider();
  if (current !== provider) {
    provider = current;
    histograms = new Map();
  }
  let histogram = histograms.get(name);
  if (histogram === undefined) {
    const meter = metrics.getMeter(SCOPE_SPOOR, undefined, { schemaUrl: EMIT_PROFILE.schemaUrl });
    const advice = boundaries === undefined ? {} : { advice: { explicitBucketBoundaries: [...boundaries] } };
    histogram = meter.createHistogram(name, { unit, description, ...advice });
    histograms.set(name, histogram);
  }
  return histogram;
}
