import type { Attributes, Context } from '@opentelemetry/api';
import { lateModule } from '../shared/late.js';
import { guarded } from './guarded.js';
import { isMetered } from './meter.js';
import type * as MetricsNamespace from './metrics.js';
import type { EndedWork } from './metrics.js';

/** The metrics for a program that has a meter provider; most have none, and load none of it. */
const metricsModule = lateModule<typeof MetricsNamespace>('./metrics.js', import.meta.url);

/** Records what the conventions want to know of a piece of work that has ended. Never throws. */
export function recordWork(work: EndedWork): void {
  if (isMetered()) guarded('metrics', undefined, () => metricsModule().recordWork(work));
}

/** The context inside a piece of work: an agent's own is one where its calls are counted. Never throws. */
export function countingContext(context: Context, attributes: Attributes): Context {
  if (!isMetered()) return context;
  return guarded('metrics', context, () => metricsModule().countingContext(context, attributes));
}
