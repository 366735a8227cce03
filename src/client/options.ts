import { toCamelCaseKeys } from '../shared/camel-case.js';
import { SpoorError } from '../shared/errors.js';
import { nearestWord } from '../shared/nearest-word.js';

export const DEFAULT_URL = 'http://127.0.0.1:4318';

/** Options of a client. Times are milliseconds. Snake-case names are accepted too. */
export interface ClientOptions {
  /** Address of the translator. Default: SPOOR_URL, else `http://127.0.0.1:4318`. */
  baseUrl?: string;
  /** Sent as a bearer token. Default: SPOOR_API_KEY. */
  apiKey?: string;
  /** Name of a project, sent as the header `spoor-project`. */
  project?: string;
  /** Longest wait for one answer. Default 10000. */
  timeoutMs?: number;
  /** How often a request is made again when the first answer says that it may help. Default 2. */
  retries?: number;
}

export interface ResolvedClientOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly retries: number;
}

const NAMES: readonly (keyof ClientOptions)[] = ['baseUrl', 'apiKey', 'project', 'timeoutMs', 'retries'];

/**
 * Checks options and fills in the defaults.
 * @throws SpoorError SPOOR_OPTION_UNKNOWN or SPOOR_OPTION_INVALID
 */
export function resolveClientOptions(given: ClientOptions, env: NodeJS.ProcessEnv): ResolvedClientOptions {
  const options: Record<string, unknown> = toCamelCaseKeys(given);
  for (const key of Object.keys(options)) {
    if ((NAMES as readonly string[]).includes(key)) continue;
    const nearest = nearestWord(key, NAMES);
    const hint = nearest === undefined ? `Options are: ${NAMES.join(', ')}.` : `Did you mean \`${nearest}\`?`;
    throw new SpoorError('SPOOR_OPTION_UNKNOWN', `SpoorClient has no option \`${key}\`. ${hint}`);
  }
  const apiKey = headerText('apiKey', options['apiKey'] ?? env['SPOOR_API_KEY']);
  const project = headerText('project', options['project']);
  return {
    baseUrl: address(options['baseUrl'] ?? env['SPOOR_URL'] ?? DEFAULT_URL),
    headers: {
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(project === undefined ? {} : { 'spoor-project': project }),
    },
    timeoutMs: count('timeoutMs', options['timeoutMs'] ?? 10_000, 1),
    retries: count('retries', options['retries'] ?? 2, 0),
  };
}

function address(given: unknown): string {
  if (typeof given === 'string' && URL.canParse(given) && /^https?:/.test(given))
    return given.replace(/\/+$/, '');
  throw invalid('baseUrl', `expected an address such as ${DEFAULT_URL}`);
}

/** The value itself is not repeated in a message: it may be a secret. */
function headerText(name: string, given: unknown): string | undefined {
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string' && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(given)) return given;
  throw invalid(name, 'expected a text that fits into a header');
}

function count(name: string, given: unknown, least: number): number {
  if (typeof given === 'number' && Number.isFinite(given) && given >= least) return given;
  throw invalid(name, `expected a number, ${least} or more`);
}

function invalid(name: string, expected: string): SpoorError {
  return new SpoorError('SPOOR_OPTION_INVALID', `Option \`${name}\` of SpoorClient: ${expected}.`);
}
