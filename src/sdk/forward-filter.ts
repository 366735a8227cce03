import type { Context, SpanContext } from '@opentelemetry/api';
import { trace, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import { hasGenAiAttributes } from '../../semconv/dialects/attribute-prefixes.js';
import { SCOPE_INSTRUMENTATION_PREFIX, SCOPE_SPOOR } from '../../semconv/spoor-attributes.js';
import { setSentParent } from './sent-parents.js';

export interface ForwardBounds {
  /** Spans that are open, or have ended before what is inside them. */
  known: number;
  /** Ended spans that wait for what is inside them. */
  held: number;
  /** Ended spans whose fate is remembered. */
  remembered: number;
}

const BOUNDS: ForwardBounds = { known: 50_000, held: 10_000, remembered: 50_000 };

/** A span that is not decided yet, or that is wanted and still open. */
interface Known {
  readonly key: string;
  readonly parent: SpanContext | undefined;
  /** The span around it that counts it as undecided. */
  readonly countedBy: Known | undefined;
  /** The live span and where it was started, until its start was passed on. */
  started: { readonly span: Span; readonly context: Context } | undefined;
  /** Set once it has ended. */
  ended: ReadableSpan | undefined;
  isWanted: boolean;
  /** Spans inside of it that are not decided. */
  undecided: number;
}

/** What became of a span: passed on, or left out, and then where what is inside of it belongs. */
type Fate = { readonly isSent: true } | { readonly isSent: false; readonly parent: SpanContext | undefined };

/** Puts the filter before deliveries, unless everything was asked for. */
export function forwarded(
  deliveries: readonly SpanProcessor[],
  forward: 'genai' | 'all' = 'genai',
): readonly SpanProcessor[] {
  return forward === 'all' || deliveries.length === 0 ? deliveries : [createForwardFilter(deliveries)];
}

/**
 * A stage before the deliveries in an app's pipeline: passes on our spans, GenAI spans of any vocabulary, and what they are
 * inside of. A span of the app is decided when a GenAI span inside of it is seen, or when it and all that is inside of it have
 * ended. What is inside of a span that was left out is sent as a part of the next one outwards.
 */
export function createForwardFilter(
  next: readonly SpanProcessor[],
  bounds: ForwardBounds = BOUNDS,
): SpanProcessor {
  return new ForwardFilter(next, bounds);
}

class ForwardFilter implements SpanProcessor {
  readonly #next: readonly SpanProcessor[];
  readonly #bounds: ForwardBounds;
  readonly #known = new Map<string, Known>();
  readonly #held = new Set<Known>();
  readonly #fates = new Map<string, Fate>();
  /** Spans that were started before this stage was there, and have a GenAI span inside. */
  readonly #wantedUnseen = new Set<string>();

  constructor(next: readonly SpanProcessor[], bounds: ForwardBounds) {
    this.#next = next;
    this.#bounds = bounds;
  }

  onStart(span: Span, context: Context): void {
    if (!isSampled(span)) return;
    const countedBy = this.#aboveOf(span.parentSpanContext);
    if (countedBy !== undefined) countedBy.undecided += 1;
    const known = this.#add(span, countedBy, { span, context });
    if (isGenAi(span)) this.#want(known);
  }

  onEnd(span: ReadableSpan): void {
    if (!isSampled(span)) return;
    const key = keyOf(span.spanContext());
    const known = this.#known.get(key) ?? this.#add(span, undefined, undefined);
    if (isGenAi(span) || this.#wantedUnseen.delete(key)) this.#want(known);
    known.ended = span;
    if (known.isWanted) this.#send(known, span);
    else if (known.undecided > 0) this.#hold(known);
    else this.#leaveOut(known);
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#next.map((next) => next.forceFlush()));
  }

  async shutdown(): Promise<void> {
    this.#known.clear();
    this.#held.clear();
    this.#fates.clear();
    this.#wantedUnseen.clear();
    await Promise.all(this.#next.map((next) => next.shutdown()));
  }

  #add(span: ReadableSpan, countedBy: Known | undefined, started: Known['started']): Known {
    const known: Known = {
      key: keyOf(span.spanContext()),
      parent: span.parentSpanContext,
      countedBy,
      started,
      ended: undefined,
      isWanted: false,
      undecided: 0,
    };
    this.#known.set(known.key, known);
    if (this.#known.size > this.#bounds.known) this.#forgetOldest();
    return known;
  }

  /** The span that this one is inside of, as far as it is not decided; ones that were left out are looked through. */
  #aboveOf(parent: SpanContext | undefined): Known | undefined {
    const outer = this.#outerOf(parent);
    return outer === undefined ? undefined : this.#known.get(keyOf(outer));
  }

  /** The nearest parent outwards that was not left out. */
  #outerOf(parent: SpanContext | undefined): SpanContext | undefined {
    let outer = parent;
    while (outer !== undefined) {
      const fate = this.#fates.get(keyOf(outer));
      if (fate === undefined || fate.isSent) return outer;
      outer = fate.parent;
    }
    return undefined;
  }

  /** Wants a span and all that it is inside of; passes on the outermost first. */
  #want(wanted: Known): void {
    const chain: Known[] = [];
    for (
      let at: Known | undefined = wanted;
      at !== undefined && !at.isWanted;
      at = this.#aboveOf(at.parent)
    ) {
      at.isWanted = true;
      chain.push(at);
    }
    const top = chain.at(-1);
    if (top !== undefined) this.#wantUnseen(this.#outerOf(top.parent), top.started?.context);
    for (const known of chain.toReversed()) {
      if (known.started !== undefined) this.#sendStart(known, known.started);
      if (known.ended !== undefined) this.#send(known, known.ended);
    }
  }

  #wantUnseen(parent: SpanContext | undefined, context?: Context): void {
    if (parent === undefined || parent.isRemote === true) return;
    const key = keyOf(parent);
    if (this.#known.has(key) || this.#fates.has(key)) return;
    this.#remember(this.#wantedUnseen.add(key));
    // Of the live parent more is known than its name: it may end after what it is inside of.
    const live = context === undefined ? undefined : trace.getSpan(context);
    const isParent = live?.spanContext().spanId === parent.spanId;
    if (isParent) this.#wantUnseen((live as Partial<ReadableSpan>).parentSpanContext);
  }

  #sendStart(known: Known, { span, context }: NonNullable<Known['started']>): void {
    known.started = undefined;
    this.#fitParent(known, span);
    for (const next of this.#next) next.onStart(span, context);
  }

  #send(known: Known, span: ReadableSpan): void {
    this.#fitParent(known, span);
    this.#decide(known, { isSent: true });
    for (const next of this.#next) next.onEnd(span);
  }

  #fitParent(known: Known, span: ReadableSpan): void {
    const parent = this.#outerOf(known.parent);
    if (parent !== known.parent) setSentParent(span, parent);
  }

  #hold(known: Known): void {
    this.#held.add(known);
    if (this.#held.size <= this.#bounds.held) return;
    const oldest = this.#held.values().next();
    if (!oldest.done) this.#leaveOut(oldest.value);
  }

  /** Leaves a span out, and those around it that only waited for it. */
  #leaveOut(known: Known): void {
    let left: Known | undefined = known;
    while (left !== undefined) {
      const above: Known | undefined = left.countedBy;
      this.#decide(left, { isSent: false, parent: left.parent });
      const isOver: boolean = above !== undefined && above.undecided === 0 && this.#held.has(above);
      left = isOver ? above : undefined;
    }
  }

  #decide(known: Known, fate: Fate): void {
    this.#forget(known);
    this.#remember(this.#fates.set(known.key, fate));
  }

  #forget(known: Known): void {
    if (known.countedBy !== undefined) known.countedBy.undecided -= 1;
    this.#known.delete(known.key);
    this.#held.delete(known);
  }

  /** A program that ends none of its spans must not fill the memory. */
  #forgetOldest(): void {
    const first = this.#known.values().next();
    if (first.done) return;
    const oldest = first.value;
    if (oldest.ended !== undefined) {
      this.#leaveOut(oldest);
      return;
    }
    this.#forget(oldest);
    if (oldest.isWanted) this.#remember(this.#wantedUnseen.add(oldest.key));
  }

  #remember(memory: Set<string> | Map<string, unknown>): void {
    if (memory.size <= this.#bounds.remembered) return;
    const oldest = memory.keys().next();
    if (!oldest.done) memory.delete(oldest.value);
  }
}

function isGenAi(span: ReadableSpan): boolean {
  const { name } = span.instrumentationScope;
  return (
    name === SCOPE_SPOOR ||
    name.startsWith(SCOPE_INSTRUMENTATION_PREFIX) ||
    hasGenAiAttributes(span.attributes)
  );
}

function isSampled(span: ReadableSpan): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

function keyOf({ traceId, spanId }: SpanContext): string {
  return traceId + spanId;
}
