import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { decodeLogsRequest, decodeTraceRequest } from '../../otlp/decode.js';
import { encodeLogsRequestProtobuf, encodeTraceRequestProtobuf } from '../../otlp/encode-protobuf.js';
import { rewriteSpan } from '../../translate/rewrite-span.js';
import type { QueuedBatch } from './forward-queue.js';
import type { ForwardSignal, ForwardTarget } from './forward-target.js';

/** What became of a batch. `wait` says what is wrong and, when the receiver said it, how long to wait. */
export type Sent =
  | { kind: 'done'; sent: number; refused: number; reason?: string }
  | { kind: 'wait'; reason: string; afterMs?: number };

export interface SendTo {
  signal: ForwardSignal;
  url: string;
  target: ForwardTarget;
}

/** The records of a batch, of which any part can be written. */
interface Readable {
  count: number;
  encode(from: number, to: number): Buffer;
}

const TIMEOUT_MS = 30_000;
const TOO_LARGE = 413;
/** The receiver cannot use this batch, now or ever. Any other failure may be mended: a receiver that is down, a wrong key. */
const REFUSALS: ReadonlySet<number> = new Set([400, TOO_LARGE, 422]);
/** Many back ends have no receiver of log records at all: that must not keep them waiting for ever. */
const NO_RECEIVER: ReadonlySet<number> = new Set([404, 405, 501]);
const compress = promisify(gzip);

/** Sends one batch; spans in the target's dialect. Never rejects. */
export async function sendBatch(batch: QueuedBatch, to: SendTo, stop: AbortSignal): Promise<Sent> {
  const readable = readBatch(batch.body, to);
  if (readable !== undefined) return sendPart(readable, [0, readable.count], to, stop);
  return { kind: 'done', sent: 0, refused: batch.records, reason: 'what was queued cannot be read' };
}

/** A part that is too large for the receiver is sent in two, so that one large record costs itself only. */
async function sendPart(
  readable: Readable,
  [from, end]: readonly [number, number],
  to: SendTo,
  stop: AbortSignal,
): Promise<Sent> {
  const count = end - from;
  const answer = await post(() => readable.encode(from, end), to, stop);
  if (typeof answer !== 'number') return answer;
  if (answer < 300) return { kind: 'done', sent: count, refused: 0 };
  const reason = `it answered ${answer}`;
  if (answer !== TOO_LARGE || count < 2) return { kind: 'done', sent: 0, refused: count, reason };
  const middle = from + Math.ceil(count / 2);
  const first = await sendPart(readable, [from, middle], to, stop);
  if (first.kind === 'wait') return first;
  const second = await sendPart(readable, [middle, end], to, stop);
  if (second.kind === 'wait') return second;
  const refused = first.refused + second.refused;
  return { kind: 'done', sent: first.sent + second.sent, refused, ...(refused === 0 ? {} : { reason }) };
}

/** The status of a final answer, or why to wait. */
async function post(
  encode: () => Buffer,
  { signal, url, target }: SendTo,
  stop: AbortSignal,
): Promise<number | Extract<Sent, { kind: 'wait' }>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...target.headers, 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
      body: new Uint8Array(await compress(encode())),
      // A redirect would take the keys elsewhere.
      redirect: 'error',
      signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.arrayBuffer();
    const { ok, status } = response;
    if (ok || REFUSALS.has(status) || (signal === 'logs' && NO_RECEIVER.has(status))) return status;
    const afterMs = retryAfterMs(response.headers.get('retry-after'));
    return { kind: 'wait', reason: `it answered ${status}`, ...(afterMs === undefined ? {} : { afterMs }) };
  } catch (cause) {
    const { message, cause: inner } = cause as Error & { cause?: { code?: unknown } };
    return { kind: 'wait', reason: typeof inner?.code === 'string' ? inner.code : message };
  }
}

/** Undefined when the disk gave back something else than was written. */
function readBatch(body: string, { signal, target: { dialect } }: SendTo): Readable | undefined {
  try {
    if (signal === 'logs') {
      const { logs } = decodeLogsRequest(Buffer.from(body, 'base64'), 'protobuf');
      return {
        count: logs.length,
        encode: (from, end) => encodeLogsRequestProtobuf(logs.slice(from, end)),
      };
    }
    const read = decodeTraceRequest(Buffer.from(body), 'json').spans;
    const spans = dialect === undefined ? read : read.map((span) => rewriteSpan(span, dialect));
    return {
      count: spans.length,
      encode: (from, end) => encodeTraceRequestProtobuf(spans.slice(from, end)),
    };
  } catch {
    return undefined;
  }
}

/** Seconds, or a date. */
function retryAfterMs(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}
