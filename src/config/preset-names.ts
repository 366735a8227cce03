/** A back end that spoor knows how to reach. */
export type PresetName =
  | 'jaeger'
  | 'collector'
  | 'phoenix'
  | 'langfuse'
  | 'honeycomb'
  | 'datadog'
  | 'grafana'
  | 'langsmith'
  | 'braintrust'
  | 'traceloop';

/** The names of all presets, in the order of the documentation. `presets.ts` says how each is reached. */
export const PRESET_NAMES: readonly PresetName[] = [
  'jaeger',
  'collector',
  'phoenix',
  'langfuse',
  'honeycomb',
  'datadog',
  'grafana',
  'langsmith',
  'braintrust',
  'traceloop',
];
