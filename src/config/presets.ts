import type { Options } from './options.js';
import type { PresetName } from './preset-names.js';

/** How one back end is reached. Variables are those that the back end itself documents. */
export interface Preset {
  /** Base or traces address; undefined when the variable that has it is not set. */
  endpoint(env: NodeJS.ProcessEnv): string | undefined;
  headers(env: NodeJS.ProcessEnv): Record<string, string | undefined>;
  /** `http/protobuf` where JSON is not taken. */
  readonly protocol?: NonNullable<Options['protocol']>;
  /** Variables without which nothing can be sent. */
  readonly needs: readonly string[];
  /** The vocabulary that the back end reads best; ours is that of the conventions, which all of them read. */
  readonly dialect: 'otel-genai' | 'openinference' | 'openllmetry' | 'langfuse';
  /** Where the address and the headers are documented. */
  readonly source: string;
}

const bearer = (key: string | undefined): string | undefined =>
  key === undefined ? undefined : `Bearer ${key}`;

/** Every preset, by name. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  jaeger: {
    endpoint: () => 'http://localhost:4318',
    headers: () => ({}),
    needs: [],
    dialect: 'otel-genai',
    source: 'https://www.jaegertracing.io/docs/latest/apis/',
  },
  collector: {
    endpoint: () => 'http://localhost:4318',
    headers: () => ({}),
    needs: [],
    dialect: 'otel-genai',
    source: 'https://opentelemetry.io/docs/collector/',
  },
  phoenix: {
    endpoint: (env) => env['PHOENIX_COLLECTOR_ENDPOINT'] ?? 'http://localhost:6006',
    headers: (env) => ({ authorization: bearer(env['PHOENIX_API_KEY']) }),
    protocol: 'http/protobuf',
    needs: [],
    dialect: 'openinference',
    source: 'https://arize.com/docs/phoenix/',
  },
  langfuse: {
    endpoint: (env) =>
      `${env['LANGFUSE_BASE_URL'] ?? env['LANGFUSE_HOST'] ?? 'https://cloud.langfuse.com'}/api/public/otel`,
    headers: (env) => ({
      authorization: `Basic ${Buffer.from(`${env['LANGFUSE_PUBLIC_KEY']}:${env['LANGFUSE_SECRET_KEY']}`).toString('base64')}`,
      'x-langfuse-ingestion-version': '4',
    }),
    needs: ['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'],
    dialect: 'langfuse',
    source: 'https://langfuse.com/integrations/native/opentelemetry',
  },
  honeycomb: {
    endpoint: (env) => env['HONEYCOMB_API_ENDPOINT'] ?? 'https://api.honeycomb.io',
    headers: (env) => ({
      'x-honeycomb-team': env['HONEYCOMB_API_KEY'],
      'x-honeycomb-dataset': env['HONEYCOMB_DATASET'],
    }),
    needs: ['HONEYCOMB_API_KEY'],
    dialect: 'otel-genai',
    source: 'https://docs.honeycomb.io/send-data/opentelemetry/',
  },
  datadog: {
    endpoint: (env) => `https://otlp.${env['DD_SITE'] ?? 'datadoghq.com'}`,
    headers: (env) => ({ 'dd-api-key': env['DD_API_KEY'], 'dd-otlp-source': 'llmobs' }),
    protocol: 'http/protobuf',
    needs: ['DD_API_KEY'],
    dialect: 'otel-genai',
    source: 'https://docs.datadoghq.com/llm_observability/instrumentation/otel_instrumentation/',
  },
  grafana: {
    endpoint: (env) => env['GRAFANA_OTLP_ENDPOINT'],
    headers: (env) => ({
      authorization: `Basic ${Buffer.from(`${env['GRAFANA_INSTANCE_ID']}:${env['GRAFANA_API_TOKEN']}`).toString('base64')}`,
    }),
    needs: ['GRAFANA_OTLP_ENDPOINT', 'GRAFANA_INSTANCE_ID', 'GRAFANA_API_TOKEN'],
    dialect: 'otel-genai',
    source: 'https://grafana.com/docs/grafana-cloud/send-data/otlp/',
  },
  langsmith: {
    endpoint: (env) => `${env['LANGSMITH_ENDPOINT'] ?? 'https://api.smith.langchain.com'}/otel`,
    headers: (env) => ({
      'x-api-key': env['LANGSMITH_API_KEY'],
      'langsmith-project': env['LANGSMITH_PROJECT'],
    }),
    needs: ['LANGSMITH_API_KEY'],
    dialect: 'otel-genai',
    source: 'https://docs.langchain.com/langsmith/trace-with-opentelemetry',
  },
  braintrust: {
    endpoint: (env) => `${env['BRAINTRUST_API_URL'] ?? 'https://api.braintrust.dev'}/otel`,
    headers: (env) => ({
      authorization: bearer(env['BRAINTRUST_API_KEY']),
      'x-bt-parent': env['BRAINTRUST_PARENT'],
    }),
    needs: ['BRAINTRUST_API_KEY', 'BRAINTRUST_PARENT'],
    dialect: 'otel-genai',
    source: 'https://www.braintrust.dev/docs/integrations/sdk-integrations/opentelemetry',
  },
  traceloop: {
    endpoint: (env) => env['TRACELOOP_BASE_URL'] ?? 'https://api.traceloop.com',
    headers: (env) => ({ authorization: bearer(env['TRACELOOP_API_KEY']) }),
    needs: ['TRACELOOP_API_KEY'],
    dialect: 'openllmetry',
    source: 'https://www.traceloop.com/docs/openllmetry/integrations/traceloop',
  },
};

/** What a preset comes to in an environment, or what is missing. */
export type PresetReading =
  | {
      readonly ok: true;
      readonly endpoint: string;
      readonly headers: Record<string, string>;
      readonly protocol: NonNullable<Options['protocol']>;
    }
  | { readonly ok: false; readonly missing: readonly string[] };

/** Reads a preset. Never throws. */
export function readPreset(name: PresetName, env: NodeJS.ProcessEnv = process.env): PresetReading {
  const preset = PRESETS[name];
  const missing = preset.needs.filter((variable) => (env[variable] ?? '') === '');
  const endpoint = missing.length > 0 ? undefined : preset.endpoint(env);
  if (endpoint === undefined) return { ok: false, missing };
  const headers = Object.entries(preset.headers(env)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ok: true,
    endpoint,
    headers: Object.fromEntries(headers),
    protocol: preset.protocol ?? 'http/json',
  };
}
