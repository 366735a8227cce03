import type { CaptureContent } from './content-policy.js';
import { PRESET_NAMES } from './preset-names.js';
import { STORAGES, parseStorage } from './storage.js';

/** Result of reading the text of one variable. The text itself is not repeated in a message: it may be a secret. */
export type Parsed = { ok: true; value: unknown } | { ok: false; expected: string };
/** `argument` reads a variable that belongs to this one. */
export type Parse = (text: string, argument?: (name: string) => string | undefined) => Parsed;

const TRUE = /^(?:true|1|yes|on)$/i;
const FALSE = /^(?:false|0|no|off)$/i;

export const parseText: Parse = (text) => ({ ok: true, value: text });

export const parseBoolean: Parse = (text) => {
  if (TRUE.test(text)) return { ok: true, value: true };
  return FALSE.test(text) ? { ok: true, value: false } : { ok: false, expected: '`true` or `false`' };
};

/**
 * OTEL_SDK_DISABLED: only `true`, in any case, disables; the specification says that every other value counts as false.
 * Not disabled is not the same as asked for, so it leaves the option open.
 */
export const parseInverted: Parse = (text) => ({
  ok: true,
  value: text.toLowerCase() === 'true' ? false : undefined,
});

export const parseMilliseconds: Parse = (text) => {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0
    ? { ok: true, value }
    : { ok: false, expected: 'a number of milliseconds' };
};

/** For names of other products, which count seconds where ours count milliseconds. */
export const parseSeconds: Parse = (text) => {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0
    ? { ok: true, value: value * 1000 }
    : { ok: false, expected: 'a number of seconds' };
};

export const parseShare: Parse = (text) => {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 && value <= 1
    ? { ok: true, value }
    : { ok: false, expected: 'a share from 0 to 1' };
};

/**
 * The samplers of the OpenTelemetry specification. Both families come to the same here, because parts always follow their
 * parent.
 */
export const parseSampler: Parse = (text, argument) => {
  const name = text.toLowerCase().replace(/^parentbased_/, '');
  if (name === 'always_on') return { ok: true, value: 1 };
  if (name === 'always_off') return { ok: true, value: 0 };
  if (name !== 'traceidratio') {
    return { ok: false, expected: 'always_on, always_off, traceidratio or their parentbased_ forms' };
  }
  const share = argument?.('OTEL_TRACES_SAMPLER_ARG')?.trim() ?? '';
  // The specification: without an argument, or with a wrong one, everything is sampled.
  const parsed = share === '' ? undefined : parseShare(share);
  return { ok: true, value: parsed?.ok === true ? parsed.value : 1 };
};

export const parseUrl: Parse = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol)
    ? { ok: true, value: text }
    : { ok: false, expected: 'an http or https address' };
};

/** A value out of a fixed list, in any case. */
export function parseOneOf(...values: readonly string[]): Parse {
  return (text) => {
    const value = values.find((candidate) => candidate === text.toLowerCase());
    return value === undefined ? { ok: false, expected: `one of ${values.join(', ')}` } : { ok: true, value };
  };
}

/** A storage or a list of them: `otlp,file`. Of a list, the entries that are known count; `none` beside others does not. */
export const parseStorages: Parse = (text) => {
  const known = new Set(text.split(',').flatMap((entry) => parseStorage(entry) ?? []));
  if (known.size === 0) return { ok: false, expected: `one or more of ${STORAGES.join(', ')}` };
  if (known.size > 1) known.delete('none');
  const list = [...known];
  return { ok: true, value: list.length === 1 ? list[0] : list };
};

/** Names of presets, separated by commas. */
export const parsePresets: Parse = (text) => {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const isKnown = names.every((name) => (PRESET_NAMES as readonly string[]).includes(name));
  if (!isKnown) return { ok: false, expected: `names out of ${PRESET_NAMES.join(', ')}` };
  return { ok: true, value: names.length === 1 ? names[0] : names };
};

/** FluxLoop's switch: without its collector, its traces are files. */
export const parseUsesCollector: Parse = (text) => {
  const parsed = parseBoolean(text);
  return parsed.ok ? { ok: true, value: parsed.value === false ? 'file' : undefined } : parsed;
};

const SPAN_CONTENT: Readonly<Record<string, boolean>> = {
  NO_CONTENT: false,
  EVENT_ONLY: false,
  SPAN_ONLY: true,
  SPAN_AND_EVENT: true,
};

export const parseCaptureContent: Parse = (text) => {
  const named: CaptureContent | undefined = SPAN_CONTENT[text.toUpperCase()];
  if (named !== undefined) return { ok: true, value: named };
  const plain = parseBoolean(text);
  return plain.ok
    ? plain
    : { ok: false, expected: `true, false or one of ${Object.keys(SPAN_CONTENT).join(', ')}` };
};

/** The name of an environment such as `production`, as the attribute of the resource. */
export const parseEnvironmentName: Parse = (text) => ({
  ok: true,
  value: { 'deployment.environment.name': text },
});

/** `key=value,key=value` with percent-encoded values. */
export const parseAttributes: Parse = (text) => {
  const pairs = parsePairs(text);
  return pairs === undefined ? { ok: false, expected: '`key=value,key=value`' } : { ok: true, value: pairs };
};

/** As attributes, with lower-case names. */
export const parseHeaders: Parse = (text) => {
  const pairs = parsePairs(text);
  if (pairs === undefined) return { ok: false, expected: '`key=value,key=value`' };
  const headers = Object.entries(pairs).map(([key, value]) => [key.toLowerCase(), value]);
  return { ok: true, value: Object.fromEntries(headers) };
};

/** `openai,-anthropic` → { openai: true, anthropic: false }. */
export const parseSwitches: Parse = (text) => {
  const switches = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry): [string, boolean] => (entry.startsWith('-') ? [entry.slice(1), false] : [entry, true]));
  return { ok: true, value: Object.fromEntries(switches) };
};

function parsePairs(text: string): Record<string, string> | undefined {
  const pairs: [string, string][] = [];
  for (const entry of text.split(',')) {
    if (entry.trim() === '') continue;
    const at = entry.indexOf('=');
    const key = entry.slice(0, Math.max(at, 0)).trim();
    const value = decode(entry.slice(at + 1).trim());
    if (key === '' || value === undefined) return undefined;
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
