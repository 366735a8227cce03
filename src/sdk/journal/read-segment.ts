import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { createLineDecoder, isStartRecord } from './span-lines.js';

/** What one segment holds. */
export interface SegmentContents {
  /** Spans that ended. */
  readonly ended: ReadableSpan[];
  /** Starts of spans that the segment tells no end of. */
  readonly started: ReadableSpan[];
  /** Lines that could not be read: a crash tears at most the last one. */
  readonly torn: number;
}

/** A line that says which spans the receiver has: `{"acknowledged":["<trace id><span id>", …]}`. */
export function acknowledgementLine(keys: readonly string[]): Uint8Array {
  return Buffer.from(JSON.stringify({ acknowledged: keys }));
}

/** The name of a span in the journal. */
export function spanKey(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return traceId + spanId;
}

/**
 * Reads the spans of a segment that nobody acknowledged. Only the last state of a span counts: an end replaces its start.
 * @throws what the file system throws.
 */
export async function readSegment(path: string): Promise<SegmentContents> {
  const decoder = createLineDecoder();
  const spans = new Map<string, ReadableSpan>();
  const acknowledged = new Set<string>();
  let torn = 0;
  let isHeader = true;
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  for await (const line of lines) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    if (line === '') continue;
    if (line.startsWith(ACKNOWLEDGED)) {
      for (const key of acknowledgedKeys(line)) acknowledged.add(key);
      continue;
    }
    const decoded = decoder.decode(line);
    if (decoded === undefined) torn += 1;
    for (const span of decoded ?? []) keepLast(spans, span);
  }
  const all = [...spans].filter(([key]) => !acknowledged.has(key)).map(([, span]) => span);
  return {
    ended: all.filter((span) => !isStartRecord(span)),
    started: all.filter(isStartRecord),
    torn,
  };
}

const ACKNOWLEDGED = '{"acknowledged":';

function acknowledgedKeys(line: string): string[] {
  try {
    return (JSON.parse(line) as { acknowledged: string[] }).acknowledged;
  } catch {
    // Torn: the spans are sent once more.
    return [];
  }
}

function keepLast(spans: Map<string, ReadableSpan>, span: ReadableSpan): void {
  const key = spanKey(span);
  if (!spans.has(key) || !isStartRecord(span)) spans.set(key, span);
}
