import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { decodeTraceRequest } from '../../otlp/decode.js';
import { encodeTraceRequestProtobuf } from '../../otlp/encode-protobuf.js';
import { rewriteSpan } from '../../translate/rewrite-span.js';
import type { ForwardSignal, ForwardTarget } from './forward-target.js';

/** What became of a batch. `wait` says what is wrong and, when the receiver said it, how long to wait. */
export type Sent =
  | { kind: 'sent' }
  | { kind: 'refused'; reason: string }
  | { kind: 'wait'; reason: string; afterMs?: number };

const TIMEOUT_MS = 30_000;
/** The receiver cannot use this batch, now or ever. Any other failure may be mended: a receiver that is down, a wrong key. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);
/** Many back ends have no receiver of log records at all: that must not keep them waiting for ever. */
const NO_RECEIVER: ReadonlySet<number> = new Set([404, 405, 501]);
const compress = promisify(gzip);

/** Sends one batch; spans in the target's dialect. Never rejects. */
export async function sendBatch(
  body: string,
  { signal, url, target }: { signal: ForwardSignal; url: string; target: ForwardTarget },
  stop: AbortSignal,
): Promise<Sent> {
  const encoded = signal === 'logs' ? Buffer.from(body, 'base64') : encodeFor(body, target);
  if (encoded === undefined) return { kind: 'refused', reason: 'what was queued cannot be read' };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...target.headers, 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
      body: new Uint8Array(await compress(encoded)),
      // A redirect would take the keys elsewhere.
      redirect: 'error',
      signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.arrayBuffer();
    if (response.ok) return { kind: 'sent' };
    const reason = `it answered ${response.status}`;
    const isFinal = REFUSALS.has(response.status) || (signal === 'logs' && NO_RECEIVER.has(response.status));
    if (isFinal) return { kind: 'refused', reason };
    const afterMs = retryAfterMs(response.headers.get('retry-after'));
    return { kind: 'wait', reason, ...(afterMs === undefined ? {} : { afterMs }) };
  } catch (cause) {
    const { message, cause: inner } = cause as Error & { cause?: { code?: unknown } };
    return { kind: 'wait', reason: typeof inner?.code === 'string' ? inner.code : message };
  }
}

/** The batch in protobuf; undefined when the disk gave back something else than was written. */
function encodeFor(body: string, { dialect }: ForwardTarget): Buffer | undefined {
  try {
    const { spans } = decodeTraceRequest(Buffer.from(body), 'json');
    return encodeTraceRequestProtobuf(
      dialect === undefined ? spans : spans.map((span) => rewriteSpan(span, dialect)),
    );
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
