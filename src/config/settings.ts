import { setContentPolicy } from './content-policy.js';
import { readEnvironment } from './env.js';
import type { Options } from './options.js';

/** Options in force, with defaults filled in where a default is a plain value. */
export interface Settings extends Options {
  readonly mode: NonNullable<Options['mode']>;
  readonly storage: NonNullable<Options['storage']>;
  readonly timeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly autoEnd: boolean;
  readonly strictSteps: boolean;
  readonly durability: NonNullable<Options['durability']>;
  readonly fsync: boolean;
  readonly deliverOnExit: boolean;
  readonly enabled: boolean;
  readonly debug: boolean;
}

/** Where a value came from: code, a variable by name, or the default. */
export type SettingSource = 'code' | 'default' | (string & {});

/** The outcome of code over environment over defaults, and who won each option. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly sources: Readonly<Record<string, SettingSource>>;
  readonly problems: readonly string[];
}

const DEFAULTS: Settings = {
  mode: 'auto',
  storage: 'otlp',
  timeoutMs: 10_000,
  shutdownTimeoutMs: 2000,
  autoEnd: true,
  strictSteps: false,
  durability: 'exit',
  fsync: false,
  deliverOnExit: true,
  enabled: true,
  debug: false,
};

let codeOptions: Options = {};
let inForce: ResolvedSettings | undefined;

/** Settings now in force; the environment is read at the first call. */
export function currentSettings(): Settings {
  return resolvedSettings().settings;
}

/** As they are at this moment, without fixing them: the environment may still be added to. */
export function latestSettings(): Settings {
  return inForce?.settings ?? resolveSettings(codeOptions).settings;
}

/** As `currentSettings`, with who won each option. */
export function resolvedSettings(): ResolvedSettings {
  return (inForce ??= resolveSettings(codeOptions));
}

/**
 * Puts options given in code into force, in one move, over those of earlier calls: `code` must have been checked as a
 * whole before.
 */
export function applyOptions(code: Options, env: NodeJS.ProcessEnv = process.env): ResolvedSettings {
  codeOptions = { ...codeOptions, ...code };
  inForce = resolveSettings(codeOptions, env);
  setContentPolicy(inForce.settings.captureContent, inForce.settings.limits?.attributeLength);
  return inForce;
}

/**
 * Reads the environment anew, for one that has changed. Options given in code stay, and whoever follows the settings is
 * told.
 */
export function rereadEnvironment(env: NodeJS.ProcessEnv = process.env): ResolvedSettings {
  const resolved = applyOptions({}, env);
  follower?.(resolved.settings);
  return resolved;
}

/** Who is told when the environment was read anew. */
export function followSettings(next: ((settings: Settings) => void) | undefined): void {
  follower = next;
}
let follower: ((settings: Settings) => void) | undefined;

/** Forgets options given in code, and reads the environment anew when it is next asked. */
export function resetSettings(): void {
  codeOptions = {};
  inForce = undefined;
  setContentPolicy(undefined);
}

/** Code over environment over defaults. Pure. */
export function resolveSettings(code: Options, env: NodeJS.ProcessEnv = process.env): ResolvedSettings {
  const environment = readEnvironment(env);
  const sources: Record<string, SettingSource> = {};
  for (const key of Object.keys(DEFAULTS)) sources[key] = 'default';
  Object.assign(sources, environment.winners);
  for (const key of Object.keys(code)) sources[key] = 'code';
  const settings: Settings = { ...DEFAULTS, ...environment.options, ...code };
  return { settings, sources, problems: environment.problems };
}
