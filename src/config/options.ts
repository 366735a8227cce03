import * as z from 'zod';
import type { Finding } from '../../semconv/model/finding.js';
import { SpoorError } from '../shared/errors.js';
import { nearestWord } from '../shared/nearest-word.js';
import { toCamelCaseKeys } from '../shared/camel-case.js';
import type { CaptureContent } from './content-policy.js';
import { PRESET_NAMES, type PresetName } from './preset-names.js';
import type { Keep, Sample } from './sampling.js';
import { STORAGES, parseStorage, type Storage } from './storage.js';
import type { TargetOptions } from './targets.js';

/** Rewrites one text before it leaves the process. `key` is the attribute's name, `concept` says where it was found. */
export type Mask = (text: string, where: { key: string; concept: string }) => string;

/** Told when a session goes in circles. What it throws is reported and goes no further. */
export type OnStuck = (finding: Finding) => void;

/** Where spans are made: see `docs/adr`. */
export type Mode = 'auto' | 'join' | 'own' | 'global';

/** How much undelivered spans survive. */
export type Durability = 'exit' | 'crash' | 'memory';
/** Every durability, in the order of the documentation. */
export const DURABILITIES: readonly Durability[] = ['exit', 'crash', 'memory'];

export interface Limits {
  /** Longest content attribute, in characters of JSON. Default 262144. */
  attributeLength?: number;
  /** Deepest nesting that is kept. Default 32. */
  depth?: number;
  /** Most entries of one object or list that are kept. Default 1000. */
  width?: number;
  /** Largest screenshot, in bytes. Default 10 MiB. */
  screenshotBytes?: number;
}

/** Every option of `init`. Code beats environment, environment beats defaults. Times are milliseconds. */
export interface Options {
  /** `service.name` of the resource. Default: the name in the app's package.json. */
  serviceName?: string;
  resourceAttributes?: Record<string, string | number | boolean>;
  /** Base address of an OTLP/HTTP receiver (`/v1/traces` is added), or its full traces address. */
  endpoint?: string;
  /** A back end that spoor knows how to reach, or several. Its keys are read from its own variables. */
  preset?: PresetName | readonly PresetName[];
  /** Several receivers at once, each with its own queue, in place of `endpoint` and `preset`. */
  targets?: readonly TargetOptions[];
  headers?: Record<string, string>;
  /** Default `http/json`. */
  protocol?: 'http/json' | 'http/protobuf';
  compression?: 'gzip' | 'none';
  /** Of one export. Default 10000. */
  timeoutMs?: number;
  /** Sent as a bearer token, unless `headers` has an `authorization`. */
  apiKey?: string;
  /** Agent that sessions belong to when they name none. */
  agentId?: string;
  /** Name of one session for the whole process: it takes in whatever is in no session of its own. Default: none. */
  session?: string;
  /** Switches instrumentations on or off by name. Default: all on. */
  instrumentations?: Record<string, boolean>;
  /** Default: on only while spans go to a loopback endpoint of our own. */
  captureContent?: CaptureContent;
  mask?: Mask;
  limits?: Limits;
  /** Share of the sessions, and of the traces outside of sessions, that are recorded. Default 1, with `keep` 0. */
  sample?: Sample;
  /** Keeps what `sample` leaves out when it failed or was slow. Default: nothing. */
  keep?: Keep;
  mode?: Mode;
  /**
   * What a target of spoor's own gets of an app's pipeline: our spans, GenAI spans and what they are inside of, or all spans.
   * Default `genai`.
   */
  forward?: 'genai' | 'all';
  /** Takes `session.id` from the W3C baggage of the active context, and puts it there in `withSession`. Default false. */
  baggage?: boolean;
  /** Where finished spans go; several at once are allowed. Default `otlp`. */
  storage?: Storage | readonly Storage[];
  /** Folder of the files of the storage `file`. Default `./traces`. */
  basePath?: string;
  /** Records the arguments of every function wrapped as an agent. Default false. */
  recordArgs?: boolean;
  /** Where arguments are recorded. Default `recordings/args.jsonl`. */
  recordingFile?: string;
  /** Ends open sessions when the process ends. Default true. */
  autoEnd?: boolean;
  /** Records an uncaught error as the last event of every open session. Default true. */
  captureUncaught?: boolean;
  /** Folder that `screenshotPath` may name files in. Default: the current working directory. */
  screenshotRoot?: string;
  /** Makes a second open step an error instead of ending the first. Default false. */
  strictSteps?: boolean;
  /**
   * What undelivered spans survive: `exit` any end but SIGKILL, `crash` that too, because each start and end is written to
   * disk first, `memory` none. Default `exit`.
   */
  durability?: Durability;
  /** With `durability: 'crash'`, waits for the disk at each span: survives a power cut. Default false. */
  fsync?: boolean;
  /** Starts a process at the end of the program that sends what is left, for at most 30 s. Default true. */
  deliverOnExit?: boolean;
  /** Longest wait at the end of the process. Default 2000. */
  shutdownTimeoutMs?: number;
  /** Told while a session runs when it goes in circles, and again when that has doubled. Default: nobody. */
  onStuck?: OnStuck;
  /** Prints spoor's diagnostics on stderr. */
  debug?: boolean;
  /** False switches everything off. */
  enabled?: boolean;
}

const positive = z.number().positive();
const captureContent = z.union([
  z.boolean(),
  z.strictObject({
    system: z.boolean().optional(),
    input: z.boolean().optional(),
    output: z.boolean().optional(),
    tools: z.boolean().optional(),
    toolArguments: z.boolean().optional(),
    roles: z.array(z.string()).optional(),
  }),
]);

const target = z.strictObject({
  preset: z.enum(PRESET_NAMES).optional(),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  apiKey: z.string().min(1).optional(),
  protocol: z.enum(['http/json', 'http/protobuf']).optional(),
  compression: z.enum(['gzip', 'none']).optional(),
});

const shape = {
  serviceName: z.string().min(1),
  resourceAttributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  endpoint: z.url({ protocol: /^https?$/ }),
  preset: z.union([z.enum(PRESET_NAMES), z.array(z.enum(PRESET_NAMES)).min(1)]),
  targets: z.array(target).min(1),
  headers: z.record(z.string(), z.string()),
  protocol: z.enum(['http/json', 'http/protobuf']),
  compression: z.enum(['gzip', 'none']),
  timeoutMs: positive,
  apiKey: z.string().min(1),
  agentId: z.string().min(1),
  session: z.string().min(1),
  instrumentations: z.record(z.string(), z.boolean()),
  captureContent,
  mask: z.custom<Mask>((value) => typeof value === 'function', 'expected a function (text, where) => text'),
  limits: z.strictObject({
    attributeLength: positive.optional(),
    depth: positive.optional(),
    width: positive.optional(),
    screenshotBytes: positive.optional(),
  }),
  sample: z.union([
    z.number().min(0).max(1),
    z.custom<Sample>((value) => typeof value === 'function', 'expected a share from 0 to 1, or a function'),
  ]),
  keep: z.strictObject({ failed: z.boolean().optional(), slowerThanMs: z.number().nonnegative().optional() }),
  mode: z.enum(['auto', 'join', 'own', 'global']),
  forward: z.enum(['genai', 'all']),
  baggage: z.boolean(),
  storage: z.union([
    z.enum(STORAGES),
    z
      .array(z.enum(STORAGES))
      .min(1)
      .refine((list) => list.length === 1 || !list.includes('none'), '`none` stands alone'),
  ]),
  basePath: z.string().min(1),
  recordArgs: z.boolean(),
  recordingFile: z.string().min(1),
  autoEnd: z.boolean(),
  captureUncaught: z.boolean(),
  screenshotRoot: z.string().min(1),
  strictSteps: z.boolean(),
  durability: z.enum(DURABILITIES),
  fsync: z.boolean(),
  deliverOnExit: z.boolean(),
  shutdownTimeoutMs: z.number().nonnegative(),
  onStuck: z.custom<OnStuck>((value) => typeof value === 'function', 'expected a function (finding) => void'),
  debug: z.boolean(),
  enabled: z.boolean(),
} satisfies Record<keyof Options, z.ZodType>;

/** The one schema of the options. */
export const OptionsSchema: z.ZodType<Options> = z.strictObject(shape).partial() as z.ZodType<Options>;

/** Names that other products use for the same option. */
const ALIASES: Readonly<Record<string, keyof Options>> = {
  collectorUrl: 'endpoint',
  providers: 'instrumentations',
  sessionName: 'session',
  maskingFunction: 'mask',
  sampleRate: 'sample',
  offlineStoreDir: 'basePath',
};

/**
 * Checks an options object as a whole. Snake-case keys are accepted; keys that are undefined are dropped.
 * @throws SpoorError SPOOR_OPTION_UNKNOWN for a key that does not exist, SPOOR_OPTION_INVALID for a value of a wrong kind.
 */
export function parseOptions(given: unknown): Options {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new SpoorError('SPOOR_OPTION_INVALID', 'Options: expected an object.');
  }
  const named: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(toCamelCaseKeys(given))) {
    if (value === undefined) continue;
    const name = ALIASES[key] ?? key;
    if (!Object.hasOwn(shape, name)) throw unknownOption(key);
    named[name] = canonicalValue(name, value);
  }
  const parsed = OptionsSchema.safeParse(named);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SpoorError(
    'SPOOR_OPTION_INVALID',
    `Option \`${issue?.path.join('.') ?? ''}\`: ${issue?.message ?? 'not valid'}.`,
    { cause: parsed.error },
  );
}

/** The names of all options, in the order of the documentation. */
export const OPTION_NAMES: readonly (keyof Options)[] = Object.keys(shape) as (keyof Options)[];

function unknownOption(key: string): SpoorError {
  const nearest = nearestWord(key, [...OPTION_NAMES, ...Object.keys(ALIASES)]);
  const hint =
    nearest === undefined ? `Options are: ${OPTION_NAMES.join(', ')}.` : `Did you mean \`${nearest}\`?`;
  return new SpoorError('SPOOR_OPTION_UNKNOWN', `Option \`${key}\` does not exist. ${hint}`);
}

function canonicalValue(name: string, value: unknown): unknown {
  if (name === 'storage') return Array.isArray(value) ? value.map(knownStorage) : knownStorage(value);
  if (name === 'instrumentations' && Array.isArray(value)) return switches(value);
  const nested = name === 'limits' || name === 'captureContent' || name === 'keep';
  return nested && typeof value === 'object' && value !== null ? toCamelCaseKeys(value) : value;
}

function knownStorage(value: unknown): unknown {
  return (typeof value === 'string' ? parseStorage(value) : undefined) ?? value;
}

/** A list of names, as Lucidic takes it: each of them on. What is not a list of names is left for the check. */
function switches(list: readonly unknown[]): unknown {
  return list.every((name) => typeof name === 'string')
    ? Object.fromEntries(list.map((name) => [name, true]))
    : list;
}
