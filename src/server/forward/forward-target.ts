import { SpoorError } from '../../shared/errors.js';
import { writableDialect, writableDialectNames, type WritableDialect } from '../../translate/rewrite-span.js';

/** Where spans are passed on to, and how. */
export interface ForwardTarget {
  /** The whole address of the receiver of traces. */
  url: string;
  /** Without its key: what logs and the API call it. */
  label: string;
  /** Absent: spans are passed on in the dialect that they came in. */
  dialect?: WritableDialect;
  headers: Readonly<Record<string, string>>;
}

const TRACES_PATH = '/v1/traces';

/**
 * Reads targets such as `https://otlp.example.com=langfuse`, and headers such as `authorization=Bearer%20x`. With more than
 * one host each header names its own: `otlp.example.com/authorization=…`, so that no key goes to another.
 * @throws SpoorError `SPOOR_OPTION_INVALID`
 */
export function forwardTargets(given: readonly string[], headers = ''): ForwardTarget[] {
  const targets = given.map((text) => readTarget(text));
  const hosts = new Set(targets.map(({ url }) => new URL(url).host));
  const fields = headers
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
    .map((field) => readHeader(field, hosts));
  return targets.map((target) => {
    const { host } = new URL(target.url);
    const own = fields.filter((field) => field.host === host).map(({ name, value }) => [name, value]);
    return { ...target, headers: Object.fromEntries(own) as Record<string, string> };
  });
}

function readTarget(text: string): Omit<ForwardTarget, 'headers'> {
  const end = text.lastIndexOf('=');
  const named = end === -1 ? '' : text.slice(end + 1);
  const isNamed = /^[a-z][a-z-]*$/.test(named) && !text.slice(0, end).includes('?');
  const address = isNamed ? text.slice(0, end) : text;
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    throw invalid(
      `"${text}" is no target: give an address, and perhaps =DIALECT (${writableDialectNames().join(', ')})`,
    );
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    throw invalid(`the address of ${url.host} has a password in it: give it by SPOOR_FORWARD_HEADERS`);
  }
  // As exporters take a base address: the signal's path is added unless it is there.
  if (!url.pathname.endsWith(TRACES_PATH)) url.pathname = `${url.pathname.replace(/\/+$/, '')}${TRACES_PATH}`;
  const dialect = isNamed ? { dialect: writableDialect(named) } : {};
  return { url: url.href, label: `${url.origin}${url.pathname}`, ...dialect };
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
