import type { Context } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { ATTR_SESSION_ID } from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_EVENT_IS_SUCCESSFUL,
  ATTR_SPOOR_SESSION_IS_SUCCESSFUL,
} from '../../semconv/spoor-attributes.js';
import { currentSettings } from '../config/settings.js';
import { warnOnce } from '../tracing/diag.js';
import { isSampled, keepsLater } from '../tracing/sampling.js';
import { spanConcept } from './span-concept.js';
import { spanSize } from './span-size.js';

/** What became of the spans that sampling leaves out. */
export interface SampleCounts {
  /** Waiting for the end of their session or trace. */
  held: number;
  /** Left out for good. */
  sampledOut: number;
}

/**
 * A stage before the deliveries, for `sample` where the app's sampler records and for `keep`. Spans of a session, or of a
 * trace outside of sessions, that `sample` leaves out are held until it ends; as soon as something in it failed or it got
 * slow, all of it goes on, and what comes later too. Without such a reason it is dropped, and counted.
 */
export interface SampleGate extends SpanProcessor {
  /** The end of the process: what is still undecided goes on, because its end is not seen here. */
  settle(): void;
  counts(): SampleCounts;
}

export interface SampleGateBounds {
  maxSpans: number;
  /** Of text in attributes. */
  maxCharacters: number;
}

const BOUNDS: SampleGateBounds = { maxSpans: 50_000, maxCharacters: 64_000_000 };
const REMEMBERED = 10_000;

/** One session or trace. Once it is decided, its spans are gone. */
interface Group {
  readonly key: string;
  state: 'open' | 'kept' | 'dropped';
  spans: ReadableSpan[];
  characters: number;
  /** Open spans whose end ends the group: those of the session itself, or all of a trace. */
  deciding: number;
  startMs: number;
}

/** Makes a gate in front of `next`. */
export function createSampleGate(
  next: readonly SpanProcessor[],
  bounds: SampleGateBounds = BOUNDS,
): SampleGate {
  return new HoldingGate(next, bounds);
}

class HoldingGate implements SampleGate {
  readonly #next: readonly SpanProcessor[];
  readonly #bounds: SampleGateBounds;
  readonly #open = new Map<string, Group>();
  readonly #decided = new Map<string, Group>();
  readonly #groupOf = new WeakMap<ReadableSpan, Group>();
  #heldSpans = 0;
  #heldCharacters = 0;
  #sampledOut = 0;

  constructor(next: readonly SpanProcessor[], bounds: SampleGateBounds) {
    this.#next = next;
    this.#bounds = bounds;
  }

  onStart(span: Span, parentContext: Context): void {
    const isIn = isLeftIn(span);
    const group = isIn || !keepsLater() ? undefined : this.#groupFor(span);
    // A delivery may write starts down: those of undecided spans are not for it.
    if (isIn || group?.state === 'kept') for (const next of this.#next) next.onStart(span, parentContext);
    if (group === undefined) return;
    if (group.key.startsWith('trace') || spanConcept(span) === 'session') group.deciding += 1;
    this.#groupOf.set(span, group);
  }

  onEnd(span: ReadableSpan): void {
    const known = this.#groupOf.get(span);
    if (known === undefined && isLeftIn(span)) this.#pass(span);
    else if (!keepsLater() && known === undefined) this.#sampledOut += 1;
    else this.#endIn(known ?? this.#groupFor(span), span, known !== undefined);
  }

  settle(): void {
    for (const group of this.#open.values()) this.#keep(group);
  }

  counts(): SampleCounts {
    return { held: this.#heldSpans, sampledOut: this.#sampledOut };
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#next.map((next) => next.forceFlush()));
  }

  async shutdown(): Promise<void> {
    this.settle();
    await Promise.all(this.#next.map((next) => next.shutdown()));
  }

  #pass(span: ReadableSpan): void {
    for (const next of this.#next) next.onEnd(span);
  }

  #endIn(group: Group, span: ReadableSpan, wasStartedHere: boolean): void {
    const decides = group.key.startsWith('trace') || spanConcept(span) === 'session';
    if (decides && wasStartedHere) group.deciding -= 1;
    if (group.state === 'open') this.#hold(group, span);
    else if (group.state === 'kept') this.#pass(span);
    else this.#sampledOut += 1;
    if (group.state !== 'open') return;
    if (isReason(span, group)) this.#keep(group);
    else if (decides && group.deciding <= 0) this.#drop(group);
  }

  #groupFor(span: ReadableSpan): Group {
    const sessionId = span.attributes[ATTR_SESSION_ID];
    const session = typeof sessionId === 'string' ? `session:${sessionId}` : undefined;
    const opensSession = session !== undefined && spanConcept(span) === 'session';
    const trace = `trace:${span.spanContext().traceId}`;
    if (session !== undefined) {
      const known = this.#open.get(session) ?? this.#decided.get(session);
      // A session that is opened anew is judged anew.
      if (known !== undefined && !(opensSession && known.state === 'dropped')) return known;
    }
    const key = opensSession ? session : trace;
    const before = this.#open.get(key) ?? this.#decided.get(key);
    if (before?.state === 'open' || before?.state === 'kept') return before;
    const group: Group = {
      key,
      state: 'open',
      spans: [],
      characters: 0,
      deciding: 0,
      startMs: milliseconds(span.startTime),
    };
    this.#open.set(key, group);
    return group;
  }

  #hold(group: Group, span: ReadableSpan): void {
    const characters = spanSize(span);
    group.spans.push(span);
    group.characters += characters;
    this.#heldSpans += 1;
    this.#heldCharacters += characters;
    const { maxSpans, maxCharacters } = this.#bounds;
    for (const oldest of this.#open.values()) {
      if (this.#heldSpans <= maxSpans && this.#heldCharacters <= maxCharacters) break;
      if (oldest.spans.length === 0) continue;
      warnOnce(
        'keep-room',
        'more spans wait for the end of their session than there is room for; some were kept',
      );
      this.#keep(oldest);
    }
  }

  #keep(group: Group): void {
    for (const span of this.#decide(group, 'kept')) this.#pass(span);
  }

  #drop(group: Group): void {
    this.#sampledOut += this.#decide(group, 'dropped').length;
  }

  #decide(group: Group, state: 'kept' | 'dropped'): readonly ReadableSpan[] {
    const { spans } = group;
    this.#heldSpans -= spans.length;
    this.#heldCharacters -= group.characters;
    group.state = state;
    group.spans = [];
    group.characters = 0;
    this.#open.delete(group.key);
    this.#decided.delete(group.key);
    this.#decided.set(group.key, group);
    if (this.#decided.size > REMEMBERED) {
      const oldest = this.#decided.keys().next();
      if (!oldest.done) this.#decided.delete(oldest.value);
    }
    return spans;
  }
}

function isLeftIn(span: ReadableSpan): boolean {
  return isSampled(span.spanContext().traceId, span.name, span.attributes);
}

function isReason(span: ReadableSpan, group: Group): boolean {
  const { failed, slowerThanMs } = currentSettings().keep ?? {};
  if (slowerThanMs !== undefined && milliseconds(span.endTime) - group.startMs > slowerThanMs) return true;
  return failed === true && hasFailed(span);
}

function hasFailed({ status, attributes }: ReadableSpan): boolean {
  return (
    status.code === SpanStatusCode.ERROR ||
    attributes[ATTR_SPOOR_SESSION_IS_SUCCESSFUL] === false ||
    attributes[ATTR_SPOOR_EVENT_IS_SUCCESSFUL] === false
  );
}

function milliseconds([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1000 + nanoseconds / 1_000_000;
}
