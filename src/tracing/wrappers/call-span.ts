import type { Attributes, Context } from '@opentelemetry/api';
import { ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK } from '../../../semconv/attributes.js';
import { ATTR_SPOOR_STREAM_CHUNK_COUNT } from '../../../semconv/spoor-attributes.js';

/** How a wrapped call ended. */
export interface CallEnding {
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'abandoned';
  /** What the function returned, or its promise came to. Absent for a stream. */
  readonly value?: unknown;
  /** What it threw; only when it failed. */
  readonly error?: unknown;
  /** Only when it gave a stream. */
  readonly stream?: StreamFacts;
}

export interface StreamFacts {
  readonly chunkCount: number;
  /** From the start of the call. Absent when there was no chunk. */
  readonly firstChunkMs: number | undefined;
  /** All chunks joined: text as text, anything else as a JSON list. Absent when it is not wanted. */
  readonly output: string | undefined;
}

/** The span, or spans, of one wrapped call. */
export interface CallSpan {
  /** In which the function runs. */
  readonly context: Context;
  /** Most characters to keep of a stream; 0 when its content is not wanted. */
  outputLength(): number;
  /** The text that a chunk adds to the output, where chunks are not the text itself. Told of every chunk. */
  chunkText?(chunk: unknown): string | undefined;
  /** Called once. */
  end(ending: CallEnding): void;
}

/** Opens the span of one call. Undefined when nothing is recorded: then the function is called as it is. */
export type OpenCallSpan = (args: readonly unknown[]) => CallSpan | undefined;

/** How a stream went, apart from its content. */
export function streamAttributes(stream: StreamFacts | undefined): Attributes {
  if (stream === undefined) return {};
  const attributes: Attributes = { [ATTR_SPOOR_STREAM_CHUNK_COUNT]: stream.chunkCount };
  if (stream.firstChunkMs !== undefined) {
    attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = stream.firstChunkMs / 1000;
  }
  return attributes;
}
