import type { JsonObject } from '../../semconv/model/json.js';
import type { Contribution } from './contribution.js';
import type { PatchTime } from './patch.js';
import { USAGE_BUCKETS } from './span-node.js';

/** Earliest start and latest end of some spans, and how many of them are still open. */
export interface Bounds {
  count: number;
  open: number;
  /** Absent while `count` is 0. */
  startMs?: number;
  /** Absent while none has ended. */
  endMs?: number;
}

/** How often each word was said; words without a count are gone. */
export type Counts = { [word: string]: number };

/** Sums over the spans of a session or step. Plain JSON: a driver can keep it as it is. */
export interface Tally {
  sessionId: string;
  /** Absent in the tally of a session. Empty in that of a session's implicit step. */
  stepId?: string;
  spans: number;
  /** Spans whose session was stated. */
  stated: number;
  /** Bounds of the session or step spans themselves, and of all else but amendments. */
  own: Bounds;
  within: Bounds;
  awaitsParents: number;
  observations: number;
  generations: number;
  tools: number;
  errors: number;
  topErrors: number;
  /** Tokens by bucket, in the order of USAGE_BUCKETS. */
  usage: number[];
  costNanos: number;
  costs: number;
  /** Sessions only. */
  steps: number;
  updatedMs: number;
  words: { [mark: string]: Counts };
  traces: Counts;
  /** What spans and amendments say of it, last write per field. */
  fields: JsonObject;
  /** The newest patch in `fields`; one that is older has to be folded in with the others. */
  newestPatch?: PatchTime;
  /** Time of the newest amendment. */
  amendedMs?: number;
  /** A bound may have moved inwards: it must be worked out anew. */
  staleBounds: boolean;
}

const MAX_WORDS = 1000;

/** Makes a tally of nothing. */
export function createTally(sessionId: string, stepId?: string): Tally {
  const tally: Tally = {
    sessionId,
    spans: 0,
    stated: 0,
    own: { count: 0, open: 0 },
    within: { count: 0, open: 0 },
    awaitsParents: 0,
    observations: 0,
    generations: 0,
    tools: 0,
    errors: 0,
    topErrors: 0,
    usage: USAGE_BUCKETS.map(() => 0),
    costNanos: 0,
    costs: 0,
    steps: 0,
    updatedMs: 0,
    words: {},
    traces: noCounts(),
    fields: {},
    staleBounds: false,
  };
  if (stepId !== undefined) tally.stepId = stepId;
  return tally;
}

/** Puts back what JSON does not carry: words may be `constructor` or `__proto__`. */
export function reviveTally(json: string): Tally {
  const tally = JSON.parse(json) as Tally;
  tally.traces = Object.assign(noCounts(), tally.traces);
  for (const [mark, counts] of Object.entries(tally.words))
    tally.words[mark] = Object.assign(noCounts(), counts);
  return tally;
}

/** Replaces what a span added by what it adds now. Cheaper than taking back and adding, which forgets the bounds. */
export function exchange(tally: Tally, before: Contribution, now: Contribution): void {
  const wasStale = tally.staleBounds;
  addTo(tally, before, -1);
  addTo(tally, now, 1);
  const covers =
    now.startMs <= before.startMs && (before.endMs === undefined || (now.endMs ?? -Infinity) >= before.endMs);
  if (covers && isOwn(tally, before.concept) === isOwn(tally, now.concept)) tally.staleBounds = wasStale;
}

/** Adds a contribution (`sign` 1) or takes it back (`sign` -1). */
export function addTo(tally: Tally, contribution: Contribution, sign: 1 | -1): void {
  tally.spans += sign;
  if (contribution.stated) tally.stated += sign;
  if (contribution.awaitsParent) tally.awaitsParents += sign;
  if (sign === 1) tally.updatedMs = Math.max(tally.updatedMs, contribution.receivedMs);
  addBounds(tally, contribution, sign);
  if (contribution.concept === 'observation') addObservation(tally, contribution, sign);
  if (tally.stepId === undefined) addWords(tally, contribution, sign);
}

function addObservation(tally: Tally, contribution: Contribution, sign: 1 | -1): void {
  tally.observations += sign;
  if (contribution.generation) tally.generations += sign;
  if (contribution.tool) tally.tools += sign;
  if (contribution.error) tally.errors += sign;
  if (contribution.topError) tally.topErrors += sign;
  if (contribution.usage !== undefined) {
    for (const [i, tokens] of contribution.usage.entries())
      tally.usage[i] = (tally.usage[i] ?? 0) + sign * tokens;
  }
  if (contribution.costNanos !== undefined) {
    tally.costNanos += sign * contribution.costNanos;
    tally.costs += sign;
  }
}

function addBounds(tally: Tally, contribution: Contribution, sign: 1 | -1): void {
  const { concept } = contribution;
  if (concept === 'amendment') return;
  const bounds = isOwn(tally, concept) ? tally.own : tally.within;
  bounds.count += sign;
  if (contribution.endMs === undefined) bounds.open += sign;
  if (sign === 1) {
    widen(bounds, contribution);
    return;
  }
  const wasOutermost = contribution.startMs === bounds.startMs || contribution.endMs === bounds.endMs;
  if (bounds.count > 0 && wasOutermost) tally.staleBounds = true;
  if (bounds.count === 0) {
    delete bounds.startMs;
    delete bounds.endMs;
  }
}

/** True when spans of this concept are the tally's own: session spans of a session, step spans of a step. */
export function isOwn(tally: Tally, concept: Contribution['concept']): boolean {
  return concept === (tally.stepId === undefined ? 'session' : 'step');
}

/** Makes bounds reach around one more span. */
export function widen(bounds: Bounds, span: { startMs: number; endMs?: number }): void {
  bounds.startMs = Math.min(bounds.startMs ?? span.startMs, span.startMs);
  if (span.endMs !== undefined) bounds.endMs = Math.max(bounds.endMs ?? span.endMs, span.endMs);
}

function addWords(tally: Tally, contribution: Contribution, sign: 1 | -1): void {
  count(tally.traces, contribution.traceId, sign, Infinity);
  const { marks } = contribution;
  if (marks === undefined) return;
  for (const [mark, said] of Object.entries(marks) as [string, string | string[]][]) {
    const counts = (tally.words[mark] ??= noCounts());
    if (typeof said === 'string') count(counts, said, sign, MAX_WORDS);
    else for (const word of said) count(counts, word, sign, MAX_WORDS);
  }
}

function count(counts: Counts, word: string, sign: 1 | -1, limit: number): void {
  const next = (counts[word] ?? 0) + sign;
  if (next > 0) {
    if (counts[word] !== undefined || limit === Infinity || Object.keys(counts).length < limit)
      counts[word] = next;
  } else delete counts[word];
}

function noCounts(): Counts {
  return Object.create(null) as Counts;
}
