import type { Context } from '@opentelemetry/api';
import { warnOnce } from '../diag.js';
import { observeResult } from '../observe-result.js';
import { forgetCall, watchCall } from '../open-calls.js';
import type { StreamWork } from '../stream-work.js';
import type { Settled } from '../when-settled.js';
import type { CallEnding, CallSpan, StreamFacts } from './call-span.js';
import { createStreamedOutput, type StreamedOutput } from './streamed-output.js';

const NONE: readonly unknown[] = [];

/**
 * One call of a wrapped function, from start to the one and only end. It takes the first end that it is told of. No method
 * throws, and nothing here refers to a stream that the function returned, so that it can be collected.
 */
export class RunningCall implements StreamWork, Settled {
  isAnchored: boolean;
  chunkCount: number;
  readonly work: this;
  readonly producer: Context;
  private readonly span: CallSpan;
  private readonly startedAt: number;
  /** What the function was called on and with: when it gives one of these back, that is no stream of its own making. */
  private thisArg: unknown;
  private args: readonly unknown[];
  private isEnded: boolean;
  private isStream: boolean;
  private firstChunkAt: number | undefined;
  private output: StreamedOutput | undefined;

  constructor(span: CallSpan, thisArg: unknown, args: readonly unknown[]) {
    this.isAnchored = false;
    this.chunkCount = 0;
    this.work = this;
    this.producer = span.context;
    this.span = span;
    this.startedAt = performance.now();
    this.thisArg = thisArg;
    this.args = args;
    this.isEnded = false;
    this.isStream = false;
    this.firstChunkAt = undefined;
    this.output = undefined;
  }

  done(value: unknown): void {
    if (this.isEnded) return;
    // Before it is observed: a chunk may come at once.
    this.isStream = typeof value === 'object' && value !== null && !this.wasGiven(value);
    this.forgetGiven();
    if (this.isStream && observeResult(value, this)) {
      const length = this.span.outputLength();
      if (length > 0) this.output = createStreamedOutput(length);
      watchCall(this);
      return;
    }
    this.isStream = false;
    this.end({ outcome: 'completed', value });
  }

  failed(error: unknown): void {
    if (this.isEnded) return;
    this.end({ outcome: 'failed', error, ...this.streamed() });
  }

  chunk(chunk: unknown): void {
    if (this.isEnded) return;
    if (this.chunkCount++ === 0) this.firstChunkAt = performance.now();
    try {
      const text = this.span.chunkText?.(chunk);
      this.output?.add(chunk, text);
    } catch (error) {
      warnOnce('wrapped-chunk', 'a chunk could not be read', error);
    }
  }

  streamEnded(aborted: boolean): void {
    if (!this.isEnded) this.end({ outcome: aborted ? 'cancelled' : 'completed', ...this.streamed() });
  }

  streamClosed(): void {
    this.streamEnded(true);
  }

  abandon(): void {
    if (!this.isEnded) this.end({ outcome: 'abandoned', ...this.streamed() });
  }

  private wasGiven(value: object): boolean {
    return value === this.thisArg || this.args.includes(value);
  }

  private forgetGiven(): void {
    this.thisArg = undefined;
    this.args = NONE;
  }

  private streamed(): { stream?: StreamFacts } {
    if (!this.isStream) return {};
    const firstChunkMs = this.firstChunkAt === undefined ? undefined : this.firstChunkAt - this.startedAt;
    return { stream: { chunkCount: this.chunkCount, firstChunkMs, output: this.output?.joined() } };
  }

  private end(ending: CallEnding): void {
    this.isEnded = true;
    this.forgetGiven();
    if (this.isStream || this.isAnchored) forgetCall(this);
    try {
      this.span.end(ending);
    } catch (error) {
      warnOnce('wrapped-end', 'the span of a wrapped call could not be ended', error);
    }
  }
}
