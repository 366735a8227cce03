import { metrics, type Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  MeterProvider,
  MetricReader,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';

/** What was recorded of a metric under one set of attributes. */
export interface Point {
  metric: string;
  attributes: Attributes;
  count: number;
  sum: number;
}

export interface RecordedMetrics {
  /** What was recorded since the last time, by name, and in each metric in the order of the first record. */
  points(): Promise<Point[]>;
  /** The metrics themselves. */
  collect(): Promise<MetricData[]>;
}

class DeltaReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Registers a real meter provider, as an app does. Undo it with `metrics.disable()` of the API. */
export function recordMetrics(): RecordedMetrics {
  const reader = new DeltaReader();
  metrics.disable();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const collect = async (): Promise<MetricData[]> => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw new AggregateError(errors);
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  };
  return {
    collect,
    points: async () =>
      (await collect())
        .toSorted((a, b) => (a.descriptor.name < b.descriptor.name ? -1 : 1))
        .flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => {
            const { count, sum = 0 } = value as Histogram;
            return { metric: descriptor.name, attributes, count, sum };
          }),
        ),
  };
}
