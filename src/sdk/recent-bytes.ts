import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/**
 * What the crash journal wrote of a span is, byte for byte, what its request to the receiver holds. The last bytes are kept
 * outside of the heap, where no collector has to move them, in one buffer that is written round and round.
 */
const SIZE = 4 * 1024 * 1024;
const MAX_LINE = 256 * 1024;
const MAX_SPANS = 4096;

interface Kept {
  readonly from: number;
  readonly to: number;
  /** How often the buffer had been written to its end. */
  readonly lap: number;
}

let buffer: Buffer | undefined;
let position = 0;
let lap = 0;
const kept = new Map<ReadableSpan, Kept>();

/** What stands before and after a span in its line. */
export interface Frame {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** The bytes of a line with a span in it. They are overwritten some time later. */
export function keepBytes(span: ReadableSpan, { before, after }: Frame, text: string): Uint8Array {
  // A character is three bytes at most.
  const room = before.length + 3 * text.length + after.length;
  if (room > MAX_LINE) return Buffer.concat([before, Buffer.from(text), after]);
  buffer ??= Buffer.allocUnsafeSlow(SIZE);
  if (position + room > SIZE) {
    position = 0;
    lap += 1;
  }
  const start = position;
  const from = start + before.length;
  const to = from + buffer.write(text, from);
  buffer.set(before, start);
  buffer.set(after, to);
  position = to + after.length;
  if (span.ended) remember(span, { from, to, lap });
  return buffer.subarray(start, position);
}

function remember(span: ReadableSpan, bytes: Kept): void {
  kept.set(span, bytes);
  if (kept.size <= MAX_SPANS) return;
  const oldest = kept.keys().next();
  if (!oldest.done) kept.delete(oldest.value);
}

/** The bytes of a span, when they are still there; to be used at once. */
export function takeBytes(span: ReadableSpan): Uint8Array | undefined {
  const bytes = kept.size === 0 ? undefined : kept.get(span);
  if (bytes === undefined || buffer === undefined) return undefined;
  kept.delete(span);
  const isThere = bytes.lap === lap || (bytes.lap === lap - 1 && bytes.from >= position);
  return isThere ? buffer.subarray(bytes.from, bytes.to) : undefined;
}
