import { isLoopback, ownEndpoint, tracesUrl } from './endpoint.js';
import type { Options } from './options.js';
import type { PresetName } from './preset-names.js';
import { readPreset } from './presets.js';
import type { ResolvedSettings } from './settings.js';

/** A receiver of spans, as options name it. What is left out comes from the preset, then from the other options. */
export interface TargetOptions {
  /** A back end that spoor knows how to reach; its keys are read from its own variables. */
  preset?: PresetName;
  /** Base address of an OTLP/HTTP receiver (`/v1/traces` is added), or its full traces address. */
  endpoint?: string;
  headers?: Record<string, string>;
  /** Sent as a bearer token, unless `headers` has an `authorization`. */
  apiKey?: string;
  protocol?: NonNullable<Options['protocol']>;
  compression?: NonNullable<Options['compression']>;
}

/** How an OTLP/HTTP receiver is spoken to. It can be handed to another process as JSON. */
export interface OtlpTarget {
  /** The traces address. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: 'http/json' | 'http/protobuf';
  readonly compression: 'gzip' | 'none';
  /** Of one export, in milliseconds. */
  readonly timeoutMs: number;
}

/** The receivers that spans go to, and what is missing to reach the others. */
export interface ResolvedTargets {
  readonly targets: readonly OtlpTarget[];
  readonly problems: readonly string[];
}

/** Every receiver of the settings: `targets`, else `preset`, else the one endpoint. Pure but for the environment. */
export function resolveTargets(
  resolved: ResolvedSettings,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedTargets {
  const wanted = wantedTargets(resolved);
  if (wanted === undefined) return { targets: [endpointTarget(resolved, tracesUrl(resolved))], problems: [] };
  const targets: OtlpTarget[] = [];
  const problems: string[] = [];
  for (const options of wanted) {
    const target = readTarget(options, resolved, env);
    if (typeof target === 'string') problems.push(target);
    else if (!targets.some(({ url }) => url === target.url)) targets.push(target);
  }
  return { targets, problems };
}

/** Receivers that were named for spoor itself: not the one that an app's own exporter has from the environment. */
export function resolveOwnTargets(resolved: ResolvedSettings): ResolvedTargets {
  if (wantedTargets(resolved) !== undefined) return resolveTargets(resolved);
  const url = ownEndpoint(resolved);
  return { targets: url === undefined ? [] : [endpointTarget(resolved, url)], problems: [] };
}

/** True when every receiver is this machine itself. */
export function staysOnLoopback(resolved: ResolvedSettings): boolean {
  return resolveTargets(resolved).targets.every(({ url }) => isLoopback(url));
}

function wantedTargets({ settings }: ResolvedSettings): readonly TargetOptions[] | undefined {
  if (settings.targets !== undefined) return settings.targets;
  const { preset } = settings;
  if (preset === undefined) return undefined;
  const names = typeof preset === 'string' ? [preset] : preset;
  // One preset can be pointed at an address of one's own: a back end that one runs oneself.
  const { endpoint } = settings;
  return names.map((name) =>
    names.length === 1 && endpoint !== undefined ? { preset: name, endpoint } : { preset: name },
  );
}

/** The receiver that the plain options describe, at an address. */
export function endpointTarget({ settings }: ResolvedSettings, url: string): OtlpTarget {
  return {
    url,
    headers: { ...bearer(settings.apiKey), ...settings.headers },
    protocol: settings.protocol ?? 'http/json',
    compression: settings.compression ?? 'gzip',
    timeoutMs: settings.timeoutMs,
  };
}

/** The receiver, or what is missing. */
function readTarget(
  options: TargetOptions,
  resolved: ResolvedSettings,
  env: NodeJS.ProcessEnv,
): OtlpTarget | string {
  const known = presetTarget(options, env);
  if (typeof known === 'string') return known;
  const endpoint = options.endpoint ?? known.endpoint;
  if (endpoint === undefined) return 'a target has neither `preset` nor `endpoint`';
  const { settings } = resolved;
  const plain = endpointTarget(
    { ...resolved, settings: { ...settings, endpoint } },
    tracesUrl({ ...resolved, settings: { ...settings, endpoint }, sources: {} }),
  );
  return {
    ...plain,
    // Keys of the plain options are for the plain endpoint.
    headers: { ...known.headers, ...bearer(options.apiKey), ...options.headers },
    protocol: options.protocol ?? known.protocol ?? plain.protocol,
    compression: options.compression ?? plain.compression,
  };
}

/** What the preset says; a text when a variable of it is missing and the options do not stand in for it. */
function presetTarget(
  { preset, endpoint, headers }: TargetOptions,
  env: NodeJS.ProcessEnv,
): Pick<TargetOptions, 'endpoint' | 'headers' | 'protocol'> | string {
  if (preset === undefined) return {};
  const reading = readPreset(preset, env);
  if (reading.ok) return reading;
  const isComplete = endpoint !== undefined && headers !== undefined;
  return isComplete ? {} : `preset ${preset}: set ${reading.missing.join(', ')}`;
}

function bearer(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}
