import {
  createNoopMeter,
  metrics,
  type Attributes,
  type AttributeValue,
  type MeterProvider,
} from '@opentelemetry/api';
import { SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';
import { guarded } from './guarded.js';

const API_GLOBAL = Symbol.for('opentelemetry.js.api.1');

let provider: MeterProvider | undefined;
let isReal = false;

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
