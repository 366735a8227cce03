import { PRESET_NAMES } from '../../config/preset-names.js';
import { PRESETS, readPreset } from '../../config/presets.js';
import { SpoorError } from '../../shared/errors.js';
import { writableDialect, writableDialectNames, type WritableDialect } from '../../translate/rewrite-span.js';

export type ForwardSignal = 'traces' | 'logs';

/** Where spans and log records are passed on to, and how. */
export interface ForwardTarget {
  /** The whole address of the receiver of each signal that it is to get. */
  urls: Readonly<Partial<Record<ForwardSignal, string>>>;
  /** Without its key: what logs and the API call it. */
  label: string;
  /** Absent: spans are passed on in the dialect that they came in. */
  dialect?: WritableDialect;
  headers: Readonly<Record<string, string>>;
}

const PATHS: Readonly<Record<ForwardSignal, string>> = { traces: '/v1/traces', logs: '/v1/logs' };
const SIGNALS = ['traces', 'logs'] as const;

/**
 * Reads targets such as `https://otlp.example.com=langfuse`, or the name of a preset, and headers such as `authorization=Bearer%20x`. With more than
 * one host each header names its own: `otlp.example.com/authorization=…`, so that no key goes to another. `as` is the dialect of
 * targets that name none.
 * @throws SpoorError `SPOOR_OPTION_INVALID`
 */
export function forwardTargets(
  given: readonly string[],
  headers = '',
  as?: string,
  env: NodeJS.ProcessEnv = process.env,
): ForwardTarget[] {
  const common = { headers: {}, ...(as === undefined ? {} : { dialect: writableDialect(as) }) };
  const targets = given.map((text) => ({ ...common, ...(presetTarget(text, env) ?? readTarget(text)) }));
  for (const [at, { urls, dialect, label }] of targets.entries()) {
    // Each target has one queue in files, and two writers would spoil it.
    const isTwice = targets
      .slice(0, at)
      .some(
        (other) => other.dialect === dialect && SIGNALS.some((signal) => isSame(urls, other.urls, signal)),
      );
    if (isTwice) throw invalid(`${label} is given twice`);
  }
  const hosts = new Set(targets.map(({ label }) => new URL(label).host));
  const fields = headers
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
    .map((field) => readHeader(field, hosts));
  return targets.map((target) => {
    const { host } = new URL(target.label);
    const own = fields.filter((field) => field.host === host).map(({ name, value }) => [name, value]);
    return { ...target, headers: { ...target.headers, ...Object.fromEntries(own) } };
  });
}

/**
 * A back end by name: its address and key from the variables that it documents itself, in the dialect that it reads best. It
 * gets spans only: most take no logs.
 */
function presetTarget(text: string, env: NodeJS.ProcessEnv): ForwardTarget | undefined {
  const [given = '', dialect] = text.split('=');
  const name = PRESET_NAMES.find((known) => known === given);
  if (name === undefined) return undefined;
  const reading = readPreset(name, env);
  if (!reading.ok) throw invalid(`${name} wants ${reading.missing.join(', ')} to be set`);
  const { endpoint, headers } = reading;
  const address = endpoint.endsWith(PATHS.traces)
    ? endpoint
    : `${endpoint.replace(/\/+$/, '')}${PATHS.traces}`;
  return { ...readTarget(address), dialect: writableDialect(dialect ?? PRESETS[name].dialect), headers };
}

type Urls = ForwardTarget['urls'];

function isSame(one: Urls, other: Urls, signal: ForwardSignal): boolean {
  return one[signal] !== undefined && one[signal] === other[signal];
}

function readTarget(text: string): Omit<ForwardTarget, 'headers'> {
  const end = text.lastIndexOf('=');
  const named = end === -1 ? '' : text.slice(end + 1);
  const isNamed = /^[a-z][a-z-]*$/.test(named) && !text.slice(0, end).includes('?');
  const address = isNamed ? text.slice(0, end) : text;
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    throw invalid(
      `"${text}" is no target: give an address or a preset (${PRESET_NAMES.join(', ')}), and perhaps =DIALECT (${writableDialectNames().join(', ')})`,
    );
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    throw invalid(`the address of ${url.host} has a password in it: give it by SPOOR_FORWARD_HEADERS`);
  }
  const dialect = isNamed ? { dialect: writableDialect(named) } : {};
  // As exporters take it: an address is the base of both signals, or that of one when it ends with its path.
  const only = SIGNALS.find((signal) => url.pathname.endsWith(PATHS[signal]));
  const at = (path: string): string => {
    const whole = new URL(url);
    whole.pathname = path;
    return whole.href;
  };
  const base = url.pathname.replace(/\/+$/, '');
  const urls =
    only === undefined
      ? { traces: at(base + PATHS.traces), logs: at(base + PATHS.logs) }
      : { [only]: url.href };
  return { urls, label: `${url.origin}${base}`, ...dialect };
}

function readHeader(
  field: string,
  hosts: ReadonlySet<string>,
): { host: string; name: string; value: string } {
  const at = field.indexOf('=');
  const key = field.slice(0, Math.max(0, at)).trim();
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1).toLowerCase();
  // The value is never repeated: it may be a secret.
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
    throw invalid('a header of SPOOR_FORWARD_HEADERS is not name=value');
  const [onlyHost] = hosts;
  const host = slash === -1 ? (hosts.size === 1 ? onlyHost : undefined) : key.slice(0, slash);
  if (host === undefined) {
    throw invalid(`the header "${name}" of SPOOR_FORWARD_HEADERS must say whose it is: host/${name}=value`);
  }
  if (!hosts.has(host)) throw invalid(`SPOOR_FORWARD_HEADERS has a header for "${host}", which is no target`);
  const value = decoded(field.slice(at + 1).trim());
  if (!/^[\x20-\x7e]*$/.test(value))
    throw invalid(`the header "${name}" has a value that fits into no header`);
  return { host, name, value };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function invalid(what: string): SpoorError {
  return new SpoorError('SPOOR_OPTION_INVALID', `Forwarding: ${what}.`);
}
