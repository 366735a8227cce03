import * as z from 'zod';
import { SpoorError } from '../shared/errors.js';
import type { Store } from '../store/store.js';
import { parseApiKeys, readApiKeysFile, type ApiKey } from './api-keys.js';

/** How much one translator takes on. Sizes are bytes, times milliseconds. */
export interface TranslatorLimits {
  /** Largest request body, counted after decompression. Default 64 MiB. */
  bodyBytes: number;
  /** Bodies held at the same time, counted after decompression; beyond it senders get 503. Default 256 MiB. */
  inFlightBytes: number;
  /** Bodies that wait to be committed, counted after decompression; beyond it senders get 503. Default 64 MiB. */
  waitingBytes: number;
  /** Largest image. Default 10 MiB. */
  blobBytes: number;
  /** Deepest nesting of a JSON body. Default 512. */
  jsonDepth: number;
  /** Most header lines of a request. Default 100. */
  headerLines: number;
  /** Time for the header of a request to arrive. Default 10,000. */
  headersTimeoutMs: number;
  /** Time for a whole request to arrive. Default 60,000. */
  requestTimeoutMs: number;
  /** How long an idle connection is kept. Default 75,000, above the export interval of usual senders. */
  keepAliveTimeoutMs: number;
  /** Most connections at the same time. Default 1,000. */
  connections: number;
  /** Most listeners on `/api/live`. Default 64. */
  liveClients: number;
  /** Changes kept for listeners that reconnect. Default 1,024. */
  liveHistory: number;
  /** Bytes that may wait for a listener; one that has more waiting when the next event comes is dropped. Default 1 MiB. */
  liveBacklogBytes: number;
  /** Time between two signs of life on `/api/live`. Default 15,000. */
  heartbeatMs: number;
  /** Bytes that may wait for a target of `forward`, each. Default 256 MiB. */
  forwardQueueBytes: number;
  /** Bytes of the store of a project; the oldest sessions that are not pinned go when it holds more. Default 2 GiB. */
  storeBytes: number;
  /** Bytes of its images; the oldest go when it holds more. Default 1 GiB. */
  storeImageBytes: number;
  /** Requests of one connection that may wait for their answers; pipelining beyond it gets 429. Default 64. */
  pipelined: number;
  /** Projects that are open at the same time; of more, the one used longest ago is closed. Default 64. */
  openProjects: number;
  /** How long `close()` waits for requests under way. Default 2,000. */
  closeGraceMs: number;
}

export const DEFAULT_LIMITS: Readonly<TranslatorLimits> = {
  bodyBytes: 64 * 1024 * 1024,
  inFlightBytes: 256 * 1024 * 1024,
  waitingBytes: 64 * 1024 * 1024,
  blobBytes: 10 * 1024 * 1024,
  jsonDepth: 512,
  headerLines: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  connections: 1_000,
  liveClients: 64,
  liveHistory: 1_024,
  liveBacklogBytes: 1024 * 1024,
  heartbeatMs: 15_000,
  forwardQueueBytes: 256 * 1024 * 1024,
  storeBytes: 2 * 1024 ** 3,
  storeImageBytes: 1024 ** 3,
  pipelined: 64,
  openProjects: 64,
  closeGraceMs: 2_000,
};

export interface TranslatorOptions {
  /** Default 4318; 0 takes any free port. */
  port?: number;
  /** Any but a loopback address needs keys. Default `127.0.0.1`. */
  host?: string;
  /** Folder of the store, made when missing. Default `.spoor`. Not used when `store` is given. */
  dataDir?: string;
  /** A store to use; it stays open when the translator closes. */
  store?: Store;
  /** Opens the store of a project. Default: a folder below `dataDir`, or no projects when `store` is given. */
  openProject?: (name: string) => Promise<Store>;
  /** Keys that requests need, as `SPOOR_API_KEYS` has them: `key=ingest+read@project`. None: no key is asked for. */
  apiKeys?: readonly string[];
  /** A file of hashed keys, one a line, as `spoor keys create` makes them. */
  apiKeysFile?: string;
  /** Host names, with or without a port, that requests may name beside the loopback ones. */
  allowedHosts?: readonly string[];
  /** Origins, such as `http://localhost:3000`, whose pages may send requests that need no CORS. */
  allowedOrigins?: readonly string[];
  /**
   * Where to pass on what is received: addresses of OTLP/HTTP receivers, each with `=DIALECT` after it or without. Spans of
   * other projects than the default one are not passed on.
   */
  forward?: readonly string[];
  /** The dialect of those that name none. Default: spans are passed on as they came. */
  forwardAs?: string;
  /** Headers for them, such as `authorization=Bearer%20x`; `host/name=value` with more than one host. */
  forwardHeaders?: string;
  /** Sessions that nothing was heard of for longer, in milliseconds, are removed; pinned ones stay. Default: none are. */
  maxAgeMs?: number;
  /** Takes SQL that reads at `POST /api/sql`. Default false. */
  sql?: boolean;
  limits?: Partial<TranslatorLimits>;
  /** Folder of the built dashboard. Default: the one that comes with this package. */
  dashboardDir?: string;
  /** Gets a line for each failure that no client can mend. Default: standard error. */
  log?: (line: string) => void;
}

export interface ResolvedOptions extends Required<
  Omit<
    TranslatorOptions,
    'store' | 'dashboardDir' | 'openProject' | 'apiKeys' | 'apiKeysFile' | 'maxAgeMs' | 'forwardAs'
  >
> {
  store: Store | undefined;
  openProject: ((name: string) => Promise<Store>) | undefined;
  keys: readonly ApiKey[];
  maxAgeMs: number | undefined;
  dashboardDir: string | undefined;
  forwardAs: string | undefined;
  limits: TranslatorLimits;
}

const count = z.int().min(1);
const OptionsSchema = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  host: z.string().min(1).optional(),
  dataDir: z.string().min(1).optional(),
  store: z.custom<Store>((value) => typeof value === 'object' && value !== null).optional(),
  openProject: z.custom<(name: string) => Promise<Store>>((value) => typeof value === 'function').optional(),
  apiKeys: z.array(z.string().min(1)).optional(),
  apiKeysFile: z.string().min(1).optional(),
  allowedHosts: z.array(z.string().min(1)).optional(),
  allowedOrigins: z.array(z.string().min(1)).optional(),
  limits: z
    .strictObject(Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((key) => [key, count.optional()])))
    .optional(),
  forward: z.array(z.string().min(1)).optional(),
  forwardAs: z.string().min(1).optional(),
  forwardHeaders: z.string().optional(),
  sql: z.boolean().optional(),
  maxAgeMs: z.number().min(1).optional(),
  dashboardDir: z.string().min(1).optional(),
  log: z.custom<(line: string) => void>((value) => typeof value === 'function').optional(),
});

/**
 * Checks options and fills in the defaults.
 * @throws SpoorError `SPOOR_OPTION_UNKNOWN`, `SPOOR_OPTION_INVALID`
 */
export function resolveOptions(options: TranslatorOptions): ResolvedOptions {
  const checked = OptionsSchema.safeParse(options);
  if (!checked.success) throw optionError(checked.error);
  const limits = { ...DEFAULT_LIMITS, ...definedOnly(options.limits ?? {}) };
  return {
    port: options.port ?? 4318,
    host: options.host ?? '127.0.0.1',
    dataDir: options.dataDir ?? '.spoor',
    store: options.store,
    openProject: options.openProject,
    keys: [
      ...parseApiKeys((options.apiKeys ?? []).join(' '), 'the option "apiKeys"'),
      ...(options.apiKeysFile === undefined ? [] : readApiKeysFile(options.apiKeysFile)),
    ],
    allowedHosts: options.allowedHosts ?? [],
    allowedOrigins: options.allowedOrigins ?? [],
    // One request of full size must always be able to get in.
    limits: { ...limits, inFlightBytes: Math.max(limits.inFlightBytes, limits.bodyBytes) },
    forward: options.forward ?? [],
    forwardAs: options.forwardAs,
    forwardHeaders: options.forwardHeaders ?? '',
    sql: options.sql ?? false,
    maxAgeMs: options.maxAgeMs,
    dashboardDir: options.dashboardDir,
    log: options.log ?? ((line) => process.stderr.write(`${line}\n`)),
  };
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function optionError(error: z.ZodError): SpoorError {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const key = [path, issue.keys[0]].filter((part) => part !== '').join('.');
    return new SpoorError('SPOOR_OPTION_UNKNOWN', `startTranslator() has no option "${key}".`);
  }
  return new SpoorError(
    'SPOOR_OPTION_INVALID',
    `startTranslator() cannot use its option "${path}": ${issue?.message}.`,
  );
}
