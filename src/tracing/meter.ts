import {
  createNoopMeter,
  metrics,
  type Attributes,
  type AttributeValue,
  type Context,
  type Histogram,
  type MeterProvider,
} from '@opentelemetry/api';
import { EMIT_PROFILE } from '../../semconv/aliases.js';
import { METRICS } from '../../semconv/metrics.js';
import { SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';
import { guarded } from './guarded.js';

/** What the conventions say of a metric. */
interface Metric {
  readonly unit: string;
  readonly description: string;
  readonly boundaries?: readonly number[];
  readonly attributes: readonly string[];
}

const TABLE: Readonly<Record<string, Metric>> = METRICS;

const API_GLOBAL = Symbol.for('opentelemetry.js.api.1');

let provider: MeterProvider | undefined;
let isReal = false;
let histograms = new Map<string, Histogram>();

/**
 * True while the app has a meter provider: we never bring up one. Asked for every call, because an app may register one at any
 * time.
 */
export function isMetered(): boolean {
  // Mostly there is none: a look at the API's global says so for less than the API takes to.
  if ((globalThis as { [API_GLOBAL]?: { metrics?: unknown } })[API_GLOBAL]?.metrics === undefined)
    return false;
  const current = metrics.getMeterProvider();
  if (current === provider) return isReal;
  provider = current;
  histograms = new Map();
  isReal = guarded('meter', false, () => current.getMeter(SCOPE_SPOOR) !== createNoopMeter());
  return isReal;
}

/** Where the value of an attribute is looked for; the first that has it counts. */
export type Facts = readonly (Attributes | undefined)[];

/** The value of an attribute. */
export function factOf(facts: Facts, key: string): AttributeValue | undefined {
  for (const attributes of facts) {
    const value = attributes?.[key];
    if (value !== undefined) return value;
  }
  return undefined;
}

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
  let histogram = histograms.get(name);
  if (histogram === undefined) {
    const meter = metrics.getMeter(SCOPE_SPOOR, undefined, { schemaUrl: EMIT_PROFILE.schemaUrl });
    const advice = boundaries === undefined ? {} : { advice: { explicitBucketBoundaries: [...boundaries] } };
    histogram = meter.createHistogram(name, { unit, description, ...advice });
    histograms.set(name, histogram);
  }
  return histogram;
}
