import { join } from 'node:path';
import { TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { errorOnce, warnOnce } from '../../tracing/diag.js';
import type { SpanMasker } from '../mask-span.js';
import type { DeliveryCounts, SpanDelivery } from '../span-delivery.js';
import { appendLines } from './append-lines.js';
import { isLocalRoot, fileRecords, traceRecord, type FileRecord } from './file-records.js';

/** A line that waits for its file. A trace's own line is no span more. */
interface Line {
  readonly text: string;
  readonly spans: 0 | 1;
}

const DELAY_MS = 100;
const MAX_BATCH = 256;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
/** What waits for a disk that takes nothing stays in the megabytes. */
const MAX_WAITING_CHARACTERS = 16_000_000;
const MAX_OPEN_TRACES = 10_000;

/** Writes ended spans to `traces_YYYYMMDD.jsonl` and `observations_YYYYMMDD.jsonl` in a folder; `docs/file-storage.md`. */
export function createFileStorage(folder: string, maskSpan: SpanMasker): SpanDelivery {
  return new FileStorage(folder, maskSpan);
}

class FileStorage implements SpanDelivery {
  readonly #folder: string;
  readonly #maskSpan: SpanMasker;
  #ended: ReadableSpan[] = [];
  /** Lines that are ready, by file. Between two writes there are some only while the disk takes none. */
  readonly #lines = new Map<string, Line[]>();
  #waitingCharacters = 0;
  /** First spans of traces that are still open: of those, a line is written when the process ends. */
  readonly #openRoots = new Map<string, ReadableSpan>();
  readonly #counts = { delivered: 0, dropped: 0, rejected: 0, journaled: 0 };
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #isShutDown = false;

  constructor(folder: string, maskSpan: SpanMasker) {
    this.#folder = folder;
    this.#maskSpan = maskSpan;
  }

  onStart(span: ReadableSpan): void {
    if (!isLocalRoot(span) || !isSampled(span)) return;
    this.#openRoots.set(span.spanContext().spanId, span);
    if (this.#openRoots.size <= MAX_OPEN_TRACES) return;
    const oldest = this.#openRoots.keys().next();
    if (oldest.done !== true) this.#openRoots.delete(oldest.value);
  }

  onEnd(span: ReadableSpan): void {
    this.#openRoots.delete(span.spanContext().spanId);
    if (this.#isShutDown || !isSampled(span)) return;
    this.#ended.push(span);
    // A program that never yields is written for too; after a failure, only at the time to try again.
    if (this.#ended.length >= MAX_BATCH && this.#failures === 0) this.#write();
    else this.#schedule(DELAY_MS);
  }

  async drain(): Promise<DeliveryCounts> {
    this.#write();
    return this.counts();
  }

  async forceFlush(): Promise<void> {
    this.#write();
  }

  async shutdown(): Promise<void> {
    this.#write();
    this.#isShutDown = true;
    clearTimeout(this.#timer);
  }

  counts(): DeliveryCounts {
    let pending = this.#ended.length;
    for (const lines of this.#lines.values()) for (const { spans } of lines) pending += spans;
    return { ...this.#counts, pending };
  }

  /** Files need no journal: what is there is written, traces that are open too. */
  leaveToJournal(): boolean {
    this.#write();
    for (const span of this.#openRoots.values()) {
      this.#prepare(span, (masked) => [traceRecord(masked)]);
    }
    this.#openRoots.clear();
    this.#append();
    return false;
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined || this.#isShutDown) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, delayMs);
    this.#timer.unref();
  }

  #write(): void {
    const ended = this.#ended;
    this.#ended = [];
    for (const span of ended) this.#prepare(span, fileRecords);
    this.#append();
  }

  /** One span that cannot be written does not keep the others out. */
  #prepare(span: ReadableSpan, records: (masked: ReadableSpan) => FileRecord[]): void {
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) {
      this.#counts.dropped += 1;
      errorOnce('files-full', `${this.#folder} takes nothing, and what waits for it is full: spans are lost`);
      return;
    }
    try {
      for (const [index, record] of records(this.#maskSpan(span)).entries()) {
        this.#add(record, index === 0 && span.ended ? 1 : 0);
      }
    } catch (error) {
      this.#counts.rejected += 1;
      errorOnce('file-record', 'a span could not be written to a file', error);
    }
  }

  #add({ file, timeMs, fields }: FileRecord, spans: 0 | 1): void {
    const path = join(this.#folder, `${file}_${utcDay(timeMs)}.jsonl`);
    const text = JSON.stringify(fields);
    const lines = this.#lines.get(path);
    if (lines === undefined) this.#lines.set(path, [{ text, spans }]);
    else lines.push({ text, spans });
    this.#waitingCharacters += text.length;
  }

  #append(): void {
    let failed = false;
    for (const [path, lines] of this.#lines) {
      const { written, error } = appendLines(
        path,
        lines.map(({ text }) => text),
      );
      for (const { text, spans } of lines.splice(0, written)) {
        this.#counts.delivered += spans;
        this.#waitingCharacters -= text.length;
      }
      if (lines.length === 0) this.#lines.delete(path);
      if (error === undefined) continue;
      failed = true;
      warnOnce(
        `file:${this.#folder}`,
        `${path} cannot be written; its lines are kept and tried again`,
        error,
      );
    }
    this.#failures = failed ? this.#failures + 1 : 0;
    if (failed) this.#schedule(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1)));
  }
}

function isSampled(span: ReadableSpan): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

function utcDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');
}
