import type { Options } from './options.js';
import { PRESET_NAMES } from './preset-names.js';
import {
  parseAttributes,
  parseBoolean,
  parseCaptureContent,
  parseEnvironmentName,
  parseHeaders,
  parseInverted,
  parseMilliseconds,
  parseOneOf,
  parsePresets,
  parseSampler,
  parseSeconds,
  parseShare,
  parseStorages,
  parseSwitches,
  parseText,
  parseUrl,
  parseUsesCollector,
  type Parse,
} from './env-values.js';

/** One environment variable. The first of `names` that is set wins; a variable that is set but empty counts as unset. */
export interface EnvironmentVariable {
  readonly names: readonly string[];
  /** The option that it sets; absent when only the command line reads it. */
  readonly option?: keyof Options;
  readonly parse: Parse;
  /** Adds keys to an object that an earlier variable gave, instead of standing back. */
  readonly adds?: true;
  readonly description: string;
}

/**
 * The one table of environment variables: OpenTelemetry's own names first, then ours, then those of other products. Read
 * without zod, because the preload reads it. `docs/` has the generated form.
 */
export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  {
    names: ['OTEL_SDK_DISABLED'],
    option: 'enabled',
    parse: parseInverted,
    description: '`true` switches spoor off: nothing is patched and nothing is sent.',
  },
  {
    names: ['SPOOR_ENABLED', 'FLUXLOOP_ENABLED'],
    option: 'enabled',
    parse: parseBoolean,
    description: '`false` switches spoor off.',
  },
  {
    names: ['OTEL_SERVICE_NAME', 'SPOOR_SERVICE_NAME', 'FLUXLOOP_SERVICE_NAME'],
    option: 'serviceName',
    parse: parseText,
    description: 'Name of the service that the spans come from.',
  },
  {
    names: ['OTEL_RESOURCE_ATTRIBUTES'],
    option: 'resourceAttributes',
    parse: parseAttributes,
    description: 'More resource attributes: `key=value,key=value`, values percent-encoded.',
  },
  {
    names: ['FLUXLOOP_ENVIRONMENT'],
    option: 'resourceAttributes',
    parse: parseEnvironmentName,
    adds: true,
    description: 'Name of the environment, as `deployment.environment.name`.',
  },
  {
    names: [
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'SPOOR_ENDPOINT',
      'FLUXLOOP_COLLECTOR_URL',
    ],
    option: 'endpoint',
    parse: parseUrl,
    description:
      'OTLP/HTTP receiver. `/v1/traces` is added to a base address; the traces-specific form is used as it is.',
  },
  {
    names: ['SPOOR_PRESET'],
    option: 'preset',
    parse: parsePresets,
    description: `A back end to send to, several with commas: ${PRESET_NAMES.map((name) => `\`${name}\``).join(', ')}.`,
  },
  {
    names: ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS', 'SPOOR_HEADERS'],
    option: 'headers',
    parse: parseHeaders,
    description: 'Headers of every export: `key=value,key=value`, values percent-encoded.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    option: 'protocol',
    parse: parseOneOf('http/json', 'http/protobuf'),
    description: '`http/json` or `http/protobuf`.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'OTEL_EXPORTER_OTLP_COMPRESSION', 'SPOOR_COMPRESSION'],
    option: 'compression',
    parse: parseOneOf('gzip', 'none'),
    description: '`gzip` or `none`.',
  },
  {
    names: ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 'OTEL_EXPORTER_OTLP_TIMEOUT', 'SPOOR_TIMEOUT'],
    option: 'timeoutMs',
    parse: parseMilliseconds,
    description: 'Longest time of one export, in milliseconds.',
  },
  {
    names: ['FLUXLOOP_TIMEOUT', 'LUCIDIC_TIMEOUT'],
    option: 'timeoutMs',
    parse: parseSeconds,
    description: 'The same in seconds.',
  },
  {
    names: ['OTEL_TRACES_EXPORTER', 'SPOOR_STORAGE', 'FLUXLOOP_STORAGE'],
    option: 'storage',
    parse: parseStorages,
    description: '`otlp`, `file`, `memory`, `console` or `none`; several with commas.',
  },
  {
    names: ['FLUXLOOP_USE_COLLECTOR'],
    option: 'storage',
    parse: parseUsesCollector,
    description: '`false` writes files instead of sending.',
  },
  {
    names: ['SPOOR_BASE_PATH', 'FLUXLOOP_BASE_PATH', 'FLUXLOOP_OFFLINE_DIR'],
    option: 'basePath',
    parse: parseText,
    description: 'Folder of the trace files of the storage `file`.',
  },
  {
    names: ['SPOOR_RECORD_ARGS', 'FLUXLOOP_RECORD_ARGS'],
    option: 'recordArgs',
    parse: parseBoolean,
    description: '`true` records the arguments of every agent function.',
  },
  {
    names: ['SPOOR_RECORDING_FILE', 'FLUXLOOP_RECORDING_FILE'],
    option: 'recordingFile',
    parse: parseText,
    description: 'File that arguments are recorded in.',
  },
  {
    names: ['SPOOR_API_KEY', 'LUCIDIC_API_KEY', 'FLUXLOOP_API_KEY'],
    option: 'apiKey',
    parse: parseText,
    description: 'Key of the receiver, sent as a bearer token.',
  },
  {
    names: ['SPOOR_AGENT_ID', 'LUCIDIC_AGENT_ID'],
    option: 'agentId',
    parse: parseText,
    description: 'Agent that sessions belong to when they name none.',
  },
  {
    names: ['SPOOR_SESSION'],
    option: 'session',
    parse: parseText,
    description:
      'Makes the whole process one session of this name: for programs that do one job and name no sessions.',
  },
  {
    names: ['SPOOR_INSTRUMENTATIONS'],
    option: 'instrumentations',
    parse: parseSwitches,
    description: 'Instrumentations by name, `-name` for off: `openai,-anthropic`.',
  },
  {
    names: ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'SPOOR_CAPTURE_CONTENT'],
    option: 'captureContent',
    parse: parseCaptureContent,
    description:
      'Message content on spans: `true`, `false`, or `NO_CONTENT`, `SPAN_ONLY`, `EVENT_ONLY`, `SPAN_AND_EVENT`.',
  },
  {
    names: ['OTEL_TRACES_SAMPLER'],
    option: 'sample',
    parse: parseSampler,
    description:
      '`always_on`, `always_off` or `traceidratio`, with `parentbased_` or without; the share is in `OTEL_TRACES_SAMPLER_ARG`. Only for a provider of our own.',
  },
  {
    names: ['SPOOR_SAMPLE', 'FLUXLOOP_SAMPLE_RATE'],
    option: 'sample',
    parse: parseShare,
    description: 'Share of the sessions and traces that are recorded, from 0 to 1.',
  },
  {
    names: ['SPOOR_MODE'],
    option: 'mode',
    parse: parseOneOf('auto', 'join', 'own', 'global'),
    description: 'Where spans are made: `auto`, `join`, `own` or `global`.',
  },
  {
    names: ['SPOOR_FORWARD'],
    option: 'forward',
    parse: parseOneOf('genai', 'all'),
    description:
      "What a target of spoor's own gets of an app's pipeline: `genai`, GenAI spans and what they are inside of, or `all`.",
  },
  {
    names: ['SPOOR_BAGGAGE'],
    option: 'baggage',
    parse: parseBoolean,
    description: '`true` takes the session id from W3C baggage, and puts it there.',
  },
  {
    names: ['SPOOR_AUTO_END', 'LUCIDIC_AUTO_END'],
    option: 'autoEnd',
    parse: parseBoolean,
    description: '`false` leaves open sessions open when the process ends.',
  },
  {
    names: ['SPOOR_CAPTURE_UNCAUGHT', 'LUCIDIC_CAPTURE_UNCAUGHT'],
    option: 'captureUncaught',
    parse: parseBoolean,
    description: '`false` keeps uncaught errors out of the sessions.',
  },
  {
    names: ['SPOOR_SCREENSHOT_ROOT'],
    option: 'screenshotRoot',
    parse: parseText,
    description: 'Folder that `screenshotPath` may name files in.',
  },
  {
    names: ['SPOOR_STRICT_STEPS'],
    option: 'strictSteps',
    parse: parseBoolean,
    description: '`true` makes a second open step an error.',
  },
  {
    names: ['SPOOR_DURABILITY'],
    option: 'durability',
    parse: parseOneOf('exit', 'crash', 'memory'),
    description:
      'What undelivered spans survive: `exit`, any end but SIGKILL; `crash`, that too; `memory`, none.',
  },
  {
    names: ['SPOOR_FSYNC'],
    option: 'fsync',
    parse: parseBoolean,
    description: '`true` waits for the disk at each span, with the durability `crash`.',
  },
  {
    names: ['SPOOR_DELIVER_ON_EXIT'],
    option: 'deliverOnExit',
    parse: parseBoolean,
    description: '`false` starts no process that sends what is left when the program ends.',
  },
  {
    names: ['SPOOR_JOURNAL_DIR'],
    parse: parseText,
    description:
      "Folder of the journal of undelivered spans. Default: `spoor/journal` in the user's state folder.",
  },
  {
    names: ['SPOOR_SHUTDOWN_TIMEOUT'],
    option: 'shutdownTimeoutMs',
    parse: parseMilliseconds,
    description: 'Longest wait at the end of the process, in milliseconds.',
  },
  {
    names: ['SPOOR_DEBUG', 'LUCIDIC_DEBUG', 'LUCIDIC_VERBOSE', 'FLUXLOOP_DEBUG'],
    option: 'debug',
    parse: parseBoolean,
    description: '`true` prints diagnostics on stderr.',
  },
  {
    names: ['SPOOR_URL'],
    parse: parseUrl,
    description: 'Address of the translator that the command line reads from.',
  },
  {
    names: ['SPOOR_STORE'],
    parse: parseText,
    description:
      'Where `spoor serve` and `spoor migrate` keep records: `clickhouse://user:password@host:8123/database`.',
  },
  {
    names: ['SPOOR_API_KEYS'],
    parse: parseText,
    description: 'Keys that `spoor serve` asks for: `key=scopes@project`, apart by commas.',
  },
  {
    names: ['SPOOR_SQL'],
    parse: parseBoolean,
    description: '`true` lets `spoor serve` take SQL that reads at `POST /api/sql`.',
  },
];
