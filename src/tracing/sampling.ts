import { INVALID_TRACEID, trace, type Attributes, type Context } from '@opentelemetry/api';
import { ATTR_SESSION_ID, ATTR_USER_ID } from '../../semconv/attributes.js';
import { ATTR_SPOOR_SESSION_NAME, ATTR_SPOOR_TAGS } from '../../semconv/spoor-attributes.js';
import type { Sample, SampleSubject } from '../config/sampling.js';
import { currentSettings } from '../config/settings.js';
import { activeContext } from './active-context.js';
import { warnOnce } from './diag.js';
import { isMetered } from './meter.js';
import { hasTracer, isJoined } from './provider.js';
import { scopeOf, type ScopeSession } from './scope.js';

/**
 * Which sessions, and which traces outside of sessions, are recorded. The decision hangs on the id alone, so that every
 * part of a session comes to the same one, in every process; spans inside follow.
 */
const REMEMBERED = 10_000;
let asked: { sample: Sample; decisions: Map<string, boolean> } | undefined;

/** True when settings leave anything out. */
export function isSampling(): boolean {
  return shareInForce() !== 1;
}

/** True when what is left out may still be kept at its end, so that it has to be recorded. */
export function keepsLater(): boolean {
  const { keep } = currentSettings();
  return keep !== undefined && (keep.failed === true || keep.slowerThanMs !== undefined);
}

/** The decision on a span with these attributes: on its session when it is in one, else on its trace. */
export function isSampled(traceId: string, name: string | undefined, attributes: Attributes): boolean {
  const sample = shareInForce();
  if (sample === 1) return true;
  const sessionId = attributes[ATTR_SESSION_ID];
  const kind = typeof sessionId === 'string' ? 'session' : 'trace';
  const id = kind === 'session' ? (sessionId as string) : traceId;
  return typeof sample === 'number'
    ? isInShare(kind, id, sample)
    : askOnce(sample, { kind, id, ...describe(kind, name, attributes) });
}

/** The decision on a session that another process may have opened. */
function isSessionSampled(id: string): boolean {
  return isSampled(INVALID_TRACEID, undefined, { [ATTR_SESSION_ID]: id });
}

/**
 * True when whatever is started in `context` would not be recorded: spoor is off, nothing takes spans, or the session or
 * trace is left out. Callers that have nothing else to do can return at once. In a provider of the app its sampler
 * decides, and this never foretells it.
 */
export function isSilent(context: Context = activeContext()): boolean {
  if (!currentSettings().enabled) return true;
  // Metrics count what is left out too.
  if (isMetered()) return false;
  if (!hasTracer()) return true;
  if (!isSampling() || keepsLater() || isJoined()) return false;
  const session = scopeOf(context)?.session;
  if (session !== undefined) return !sessionDecision(session);
  const active = trace.getSpan(context);
  if (active === undefined) return shareInForce() === 0;
  if (active.isRecording()) return false;
  const { isRemote, traceId } = active.spanContext();
  return isRemote !== true && traceId !== INVALID_TRACEID;
}

function sessionDecision(session: ScopeSession): boolean {
  // The span knows: it was asked about by name.
  if (session.span !== undefined && !session.ended) return session.span.isRecording();
  return isSessionSampled(session.id);
}

function shareInForce(): Sample {
  const { sample, keep } = currentSettings();
  return sample ?? (keep === undefined ? 1 : 0);
}

function describe(
  kind: SampleSubject['kind'],
  spanName: string | undefined,
  attributes: Attributes,
): Partial<SampleSubject> {
  const name = kind === 'trace' ? spanName : attributes[ATTR_SPOOR_SESSION_NAME];
  const userId = attributes[ATTR_USER_ID];
  const tags = attributes[ATTR_SPOOR_TAGS];
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof userId === 'string' ? { userId } : {}),
    ...(Array.isArray(tags) ? { tags: tags as string[] } : {}),
  };
}

/** A function may be costly or fickle: its answer is kept as long as the session may last. */
function askOnce(sample: Exclude<Sample, number>, subject: SampleSubject): boolean {
  if (asked?.sample !== sample) asked = { sample, decisions: new Map() };
  const { decisions } = asked;
  const key = `${subject.kind}:${subject.id}`;
  const before = decisions.get(key);
  if (before !== undefined) return before;
  const decision = ask(sample, subject);
  decisions.set(key, decision);
  if (decisions.size > REMEMBERED) {
    const oldest = decisions.keys().next();
    if (!oldest.done) decisions.delete(oldest.value);
  }
  return decision;
}

/** A function that fails leaves nothing out. */
function ask(sample: Exclude<Sample, number>, subject: SampleSubject): boolean {
  try {
    const answer: unknown = sample(subject);
    if (typeof answer === 'boolean') return answer;
    if (typeof answer === 'number') return isInShare(subject.kind, subject.id, answer);
    warnOnce(
      'sample-result',
      '`sample` returned neither a share nor a boolean; the session or trace was kept',
    );
  } catch (error) {
    warnOnce('sample-threw', '`sample` threw; the session or trace was kept', error);
  }
  return true;
}

function isInShare(kind: SampleSubject['kind'], id: string, share: number): boolean {
  if (share >= 1) return true;
  if (!(share > 0)) return false;
  return kind === 'trace'
    ? foldTraceId(id) < Math.floor(share * 0xffffffff)
    : hash(id) < share * 0x1_0000_0000;
}

/** As OpenTelemetry's own sampler does it, so that services with the same share agree on a trace. */
function foldTraceId(traceId: string): number {
  let folded = 0;
  for (let at = 0; at < 32; at += 8) folded ^= Number.parseInt(traceId.slice(at, at + 8), 16);
  return folded >>> 0;
}

/** A 32-bit hash, well spread: ids of users often differ in their last digit only. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
