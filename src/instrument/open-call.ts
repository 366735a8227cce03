import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK } from '../../semconv/attributes.js';
import { ATTR_SPOOR_OUTCOME, ATTR_SPOOR_STREAM_CHUNK_COUNT } from '../../semconv/spoor-attributes.js';
import type { ContentPolicy } from '../config/content-policy.js';
import { isMetered } from '../tracing/meter.js';
import { recordWork, type MeasuredSpan } from '../tracing/metrics.js';
import { addResponseAttributes, requestAttributes, serverAttributes } from './attributes.js';
import { errorMessage, errorType, isAbort } from './call-error.js';
import type { CallMapper } from './call-mapper.js';
import { addInput, addOutput, wantsInput } from './capture.js';
import { guard, report } from './guard.js';
import { forgetCall, watchCall } from './open-calls.js';
import type { CallRequest, CallResponse, StreamReducer } from './records.js';

/** How a call ended. */
export type Outcome = 'completed' | 'failed' | 'cancelled' | 'abandoned';

/** What a framework learns of a call that it contains. */
export interface CallEnding {
  outcome: Outcome;
  failure?: { type: string; message: string | undefined };
}

/**
 * One call and its span, from start to the one and only end. Every way in which a call can end comes here, and the first
 * one wins. Nothing here refers to the SDK's objects, so that they can be collected, which is how we learn that the
 * program dropped them. No method throws.
 */
export class OpenCall {
  readonly context: Context;
  /** True while the garbage collector is asked to tell when the program has dropped the call. */
  isAnchored: boolean;
  /** Chunks seen so far: the sweep for calls that are too old takes progress as a sign of life. */
  chunkCount: number;
  private readonly span: Span;
  private readonly mapper: CallMapper;
  private readonly policy: ContentPolicy;
  private readonly startedAt: number;
  private reducer: StreamReducer | undefined;
  private firstChunkAt: number | undefined;
  private respondedAt: number | undefined;
  private isRaw: boolean;
  private signal: AbortSignal | undefined;
  /** When the chunks came, while somebody measures their pace. */
  private chunkTimes: number[] | undefined;
  isEnded: boolean;
  /** What was asked, of a call that counts in the metrics. One inside a covering call is part of that. */
  request: CallRequest | undefined;
  /** Told once, when the call has ended. Must not throw. */
  onEnd: ((ending: CallEnding) => void) | undefined;

  constructor(span: Span, context: Context, mapper: CallMapper, policy: ContentPolicy) {
    this.span = span;
    this.context = context;
    this.mapper = mapper;
    this.policy = policy;
    this.startedAt = performance.now();
    this.chunkCount = 0;
    this.isAnchored = false;
    this.isRaw = false;
    this.signal = undefined;
    this.isEnded = false;
    this.request = undefined;
    this.chunkTimes = undefined;
    this.onEnd = undefined;
    watchCall(this);
  }

  /** Reads the content of the request now, because the program may change its objects later. */
  captureInput(args: readonly unknown[]): void {
    if (!wantsInput(this.policy)) return;
    try {
      const attributes: Attributes = {};
      addInput(attributes, this.mapper.input(args), this.policy);
      this.span.setAttributes(attributes);
    } catch (error) {
      report('request content', error);
    }
  }

  /** Takes the signal that the call can be aborted by, where the SDK's errors do not tell an abort from a time-out. */
  watchSignal(args: readonly unknown[]): void {
    if (this.mapper.signal !== undefined) this.signal = guard('signal', () => this.mapper.signal?.(args));
  }

  /** Waits for the SDK to work out where the call goes, where that is not known at the start. */
  watchServer(client: unknown): void {
    guard('server', () =>
      this.mapper.watchServer?.(client, (server) => {
        if (this.isEnded) return;
        if (this.request !== undefined) this.request = { ...this.request, ...server };
        this.span.setAttributes(serverAttributes(server));
      }),
    );
  }

  /** The head of the answer is there; its body is still to be read by the program. */
  responded(): void {
    this.respondedAt = performance.now();
    if (this.isRaw) this.end('completed', undefined, this.respondedAt);
  }

  /** The program took the raw answer: the body is its own business, so the call is over with the head. */
  takenRaw(): void {
    this.isRaw = true;
    if (this.respondedAt !== undefined) this.end('completed', undefined, this.respondedAt);
  }

  /** A whole answer. */
  completed(value: unknown): void {
    if (this.isEnded) return;
    const attributes: Attributes = {};
    let failure: CallResponse['error'];
    try {
      const response = this.mapper.response(value);
      addResponseAttributes(attributes, response);
      failure = response.error;
    } catch (error) {
      report('response', error);
    }
    try {
      if (this.policy.output) addOutput(attributes, this.mapper.output(value), this.policy);
    } catch (error) {
      report('response content', error);
    }
    if (failure === undefined) this.end('completed', attributes);
    else this.endFailed(attributes, failure.type, failure.message);
  }

  /** The stream that an answer is or holds, if it may have one; else the answer. */
  streamOf(value: unknown): unknown {
    const { mapper } = this;
    if (mapper.streamOf === undefined) return value;
    return guard('stream of an answer', () => mapper.streamOf?.(value));
  }

  /** The answer comes as a stream. Returns false when this kind of call is not known to stream. */
  startStream(): boolean {
    if (this.isEnded || this.mapper.reducer === undefined) return false;
    this.reducer = guard('stream', () => this.mapper.reducer?.(this.policy.output));
    if (this.request !== undefined && isMetered()) this.chunkTimes = [];
    return this.reducer !== undefined;
  }

  /** One chunk of the stream. On the path of every chunk. */
  chunk(chunk: unknown): void {
    if (this.isEnded) return;
    if (this.chunkCount++ === 0) this.firstChunkAt = performance.now();
    this.chunkTimes?.push(performance.now());
    try {
      this.reducer?.add(chunk);
    } catch (error) {
      report('stream chunk', error);
    }
  }

  /**
   * The stream has no more chunks. `aborted`: because the program called it off. `at`: when that was, on the clock of
   * `performance.now()`, if it shows only later.
   */
  streamEnded(aborted: boolean, at?: number): void {
    if (this.isEnded) return;
    const attributes: Attributes = {};
    const failure = this.addPartial(attributes);
    if (failure !== undefined) this.endFailed(attributes, failure.type, failure.message);
    else if (aborted && this.reducer?.finished !== true) this.end('cancelled', attributes, at);
    else this.end('completed', attributes, at);
  }

  /** The program stopped reading. */
  streamClosed(): void {
    this.streamEnded(true);
  }

  /** The call failed, before or in the middle of its answer; what came so far is kept. */
  failed(error: unknown): void {
    if (this.isEnded) return;
    const attributes: Attributes = {};
    this.addPartial(attributes);
    // What a call that the program called off dies of may look like a broken connection.
    if (isAbort(error) || this.signal?.aborted === true) this.endAborted(attributes, error);
    else this.endFailed(attributes, errorType(error), errorMessage(error));
  }

  /** Ends a call whose end will not be seen: dropped, too old, or the process ends. One that was called off is cancelled. */
  abandon(): void {
    if (this.isEnded) return;
    const attributes: Attributes = {};
    this.addPartial(attributes);
    this.end(
      this.signal?.aborted === true ? 'cancelled' : 'abandoned',
      attributes,
      this.chunkCount === 0 ? this.respondedAt : undefined,
    );
  }

  private addPartial(attributes: Attributes): { type: string; message?: string } | undefined {
    const reducer = this.reducer;
    if (reducer === undefined) return undefined;
    attributes[ATTR_SPOOR_STREAM_CHUNK_COUNT] = this.chunkCount;
    if (this.firstChunkAt !== undefined) {
      attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = (this.firstChunkAt - this.startedAt) / 1000;
    }
    const failure = guard('stream response', () => {
      const response = reducer.response();
      addResponseAttributes(attributes, response);
      return response.error;
    });
    if (this.policy.output)
      guard('stream content', () => addOutput(attributes, reducer.output(), this.policy));
    return failure;
  }

  private endAborted(attributes: Attributes, error: unknown): void {
    if (this.mapper.signal === undefined || this.signal?.aborted === true) this.end('cancelled', attributes);
    else this.endFailed(attributes, 'timeout', errorMessage(error));
  }

  private endFailed(attributes: Attributes, type: string, message: string | undefined): void {
    if (this.isEnded) return;
    attributes[ATTR_ERROR_TYPE] = type;
    // An error may quote the prompt: without leave to keep input, its text stays out.
    const text = this.policy.input && message !== undefined ? { message } : {};
    guard('status', () => this.span.setStatus({ code: SpanStatusCode.ERROR, ...text }));
    this.end('failed', attributes, undefined, { type, message });
  }

  private end(
    outcome: Outcome,
    attributes: Attributes = {},
    at?: number,
    failure?: CallEnding['failure'],
  ): void {
    if (this.isEnded) return;
    this.isEnded = true;
    forgetCall(this);
    attributes[ATTR_SPOOR_OUTCOME] = outcome;
    try {
      this.span.setAttributes(attributes);
      this.span.end(at);
      if (isMetered()) this.measure(attributes, at);
    } catch (error) {
      report('span end', error);
    }
    this.onEnd?.(failure === undefined ? { outcome } : { outcome, failure });
  }

  private measure(attributes: Attributes, endedAt: number | undefined): void {
    const { context, startedAt, chunkTimes, request } = this;
    if (request === undefined) return;
    // In front of a covering span: what the calls inside have said.
    const { attributes: learned } = this.span as MeasuredSpan;
    const facts = [learned, attributes, requestAttributes(request)];
    const span = trace.getSpan(context);
    recordWork({ span, kind: SpanKind.CLIENT, context, startedAt, endedAt, facts, chunkTimes });
  }
}
