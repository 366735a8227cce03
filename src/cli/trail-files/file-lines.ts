import { createHash } from 'node:crypto';
import { isObject } from '../../../semconv/dialects/attribute-reader.js';
import { present } from '../../../semconv/dialects/present.js';
import type { JsonObject, JsonValue } from '../../../semconv/model/json.js';

/** A line of a trace file, by the names that are written; see {@link readFileLine}. */
export interface FileLine {
  kind: 'trace' | 'observation';
  /** 32 and 16 lower-case hex digits. A trace has no span id. */
  traceId: string;
  spanId?: string;
  parentId?: string;
  startNano?: bigint;
  endNano?: bigint;
  /** Only for a late fact: what it changes, and when. */
  amends?: string;
  amendedNano?: bigint;
  targetId?: string;
  fields: JsonObject;
}

/** Former names of fields, and those of the product that the format is from, by the name that is written now. */
const FORMER: readonly (readonly [string, string])[] = [
  ['parent_observation_id', 'parent_id'],
  ['parentId', 'parent_id'],
  ['traceId', 'trace_id'],
  ['sessionId', 'session_id'],
  ['userId', 'user_id'],
  ['startTime', 'start_time'],
  ['endTime', 'end_time'],
  ['cost_added', 'cost'],
];

/** A value as a line of a trace file, or undefined when it is none. `fileName` decides where the fields do not. */
export function readFileLine(value: JsonValue, fileName: string): FileLine | undefined {
  if (!isObject(value)) return undefined;
  const fields = renamed(value);
  const kind = kindOf(fields, fileName);
  const amends = textOf(fields.amends);
  const targetId = textOf(fields.target_id);
  const id = kind === 'trace' ? undefined : textOf(fields.id);
  const trace =
    textOf(fields.trace_id ?? (kind === 'trace' ? fields.id : undefined)) ??
    (amends === undefined ? undefined : targetId);
  const startNano = nanosOf(fields.start_time);
  const isPlaced = amends !== undefined || startNano !== undefined;
  const isNamed = kind === 'trace' || (id ?? targetId) !== undefined;
  if (trace === undefined || !isPlaced || !isNamed) return undefined;
  const parent = textOf(fields.parent_id);
  return present<FileLine>({
    kind,
    traceId: toHex(trace, 32),
    spanId: id === undefined ? undefined : toHex(id, 16),
    parentId: parent === undefined ? undefined : toHex(parent, 16),
    amends,
    targetId,
    startNano,
    endNano: nanosOf(fields.end_time),
    amendedNano: nanosOf(fields.amended_at),
    fields,
  });
}

/** An id as hex digits: those of a UUID, else the beginning of a hash, so that the same id is the same again. */
export function toHex(id: string, digits: 16 | 32): string {
  const hex = id.replaceAll('-', '').toLowerCase();
  if (hex.length === digits && /^[0-9a-f]+$/.test(hex) && !/^0+$/.test(hex)) return hex;
  return createHash('sha256').update(id).digest('hex').slice(0, digits);
}

function renamed(value: JsonObject): JsonObject {
  const fields = { ...value };
  for (const [former, name] of FORMER) {
    if (fields[name] === undefined && fields[former] !== undefined) fields[name] = fields[former];
    if (fields[former] !== undefined) delete fields[former];
  }
  return fields;
}

function kindOf(fields: JsonObject, fileName: string): FileLine['kind'] {
  if (fields.amends !== undefined) return fields.amends === 'session' ? 'trace' : 'observation';
  if (fields.parent_id !== undefined || fields.type !== undefined) return 'observation';
  if (/(?:^|[/\\])observations/.test(fileName)) return 'observation';
  if (/(?:^|[/\\])traces/.test(fileName)) return 'trace';
  return fields.id === undefined || fields.trace_id === undefined ? 'trace' : 'observation';
}

/** ISO 8601, or seconds or milliseconds since the epoch. */
function nanosOf(value: JsonValue | undefined): bigint | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    const ms = value < 1e11 ? value * 1000 : value;
    return BigInt(Math.round(ms * 1000)) * 1000n;
  }
  if (typeof value !== 'string') return undefined;
  // A time without a zone is UTC in these files.
  const isZoned = /(?:z|[+-]\d\d:?\d\d)$/i.test(value);
  const ms = Date.parse(isZoned ? value : `${value}Z`);
  if (Number.isNaN(ms)) return undefined;
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? '';
  const nanos = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return BigInt(Math.floor(ms / 1000)) * 1_000_000_000n + nanos;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
