import type { JsonObject, JsonValue } from '../../semconv/model/json.js';

/** What one span says about a session, a step or an observation: the span itself, or an amendment of it. */
export interface Patch {
  kind: 'session' | 'step' | 'observation';
  /** Session id, step id, or span id of the observation. */
  target: string;
  /** Observations only: the trace of the target, where it is known; else the session that the target states. */
  targetTraceId?: string;
  targetSessionId?: string;
  /** When it was said: the end of a span, the time of an amendment. Milliseconds since the epoch. */
  timeMs: number;
  amends: boolean;
  /** The span that says it. */
  traceId: string;
  spanId: string;
  fields: JsonObject;
}

type Check = (value: JsonValue) => boolean;
const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Check = (value) => typeof value === 'boolean';
const numberOrText: Check = (value) => number(value) || text(value);
const texts: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const status: Check = (value) => value === 'ok' || value === 'error';

/** Fields that can be said; all others are worked out. A value of the wrong kind is as good as none. */
const SESSION_FIELDS: Readonly<Record<string, Check>> = {
  name: text,
  agentId: text,
  agentName: text,
  task: text,
  userId: text,
  environment: text,
  serviceName: text,
  experimentId: text,
  iteration: number,
  rubrics: texts,
  tags: texts,
  metadata: object,
  isSuccessful: flag,
  isSuccessfulReason: text,
  eval: numberOrText,
  evalReason: text,
  endReason: text,
  exitCode: number,
  status,
  statusMessage: text,
};
const STEP_FIELDS: Readonly<Record<string, Check>> = {
  name: text,
  index: number,
  previousId: text,
  state: text,
  stateKey: text,
  goal: text,
  action: text,
  evalScore: numberOrText,
  evalDescription: text,
  screenshots: texts,
  warnings: texts,
  autoEnded: flag,
  status,
  statusMessage: text,
};
const OBSERVATION_FIXED = new Set(['id', 'traceId', 'parentId', 'sessionId', 'dialect', 'scope', 'startMs']);

/** The fields of a patch that its target can take. */
export function usableFields(kind: Patch['kind'], fields: object): JsonObject {
  const usable: JsonObject = {};
  for (const [key, value] of Object.entries(fields) as [string, JsonValue | undefined][]) {
    if (value === undefined || key === '__proto__') continue;
    if (isUsable(kind, key, value)) usable[key] = value;
  }
  return usable;
}

function isUsable(kind: Patch['kind'], key: string, value: JsonValue): boolean {
  if (kind === 'observation') return !OBSERVATION_FIXED.has(key);
  const checks = kind === 'session' ? SESSION_FIELDS : STEP_FIELDS;
  return Object.hasOwn(checks, key) && (checks[key] as Check)(value);
}

/** What decides the order of patches. */
export type PatchTime = Pick<Patch, 'timeMs' | 'amends' | 'traceId' | 'spanId'>;

/** Negative when `a` was said before `b`. At the same time, amendments come after what they amend. */
export function comparePatches(a: PatchTime, b: PatchTime): number {
  return (
    a.timeMs - b.timeMs ||
    Number(a.amends) - Number(b.amends) ||
    compareText(a.traceId, b.traceId) ||
    compareText(a.spanId, b.spanId)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const JOINED = ['metadata', 'attributes'];

/** Writes the fields of a patch over earlier ones. Metadata and attributes are joined key by key. Returns a new object. */
export function mergeFields(earlier: JsonObject, later: JsonObject): JsonObject {
  const merged = { ...earlier, ...later };
  for (const key of JOINED) {
    const before = earlier[key];
    const after = later[key];
    if (isObject(before) && isObject(after)) merged[key] = { ...before, ...after };
  }
  return merged;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when a patch means this observation: span ids alone are not unique for sure. */
export function isMeant(
  patch: Patch,
  target: { traceId: string; spanId: string; sessionId?: string },
): boolean {
  if (patch.kind !== 'observation' || patch.target !== target.spanId) return false;
  if (patch.targetTraceId !== undefined) return patch.targetTraceId === target.traceId;
  return patch.targetSessionId === target.sessionId;
}

/** All that was said about one target, last write per field. */
export function foldPatches(patches: readonly Patch[]): JsonObject {
  return patches
    .toSorted(comparePatches)
    .reduce<JsonObject>((fields, patch) => mergeFields(fields, patch.fields), {});
}
