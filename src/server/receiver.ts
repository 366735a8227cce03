import type { IncomingMessage, ServerResponse } from 'node:http';
import { BLOBS_HEADER } from '../../semconv/blob-reference.js';
import { PENDING_HEADER } from '../../semconv/pending-header.js';
import { countMetricPoints } from '../otlp/count-metric-points.js';
import { decodeLogsRequest, decodeTraceRequest } from '../otlp/decode.js';
import { encodeResponse, encodeStatus } from '../otlp/encode-response.js';
import type { OtlpEncoding } from '../otlp/encoding.js';
import { SpoorError } from '../shared/errors.js';
import type { CommitQueue } from './commit-queue.js';
import type { Forwarder } from './forward/forwarder.js';
import { HttpFailure, overloaded } from './http-failure.js';
import { isDeeperThan } from './json-depth.js';
import type { TranslatorLimits } from './options.js';
import { readBody, type ByteBudget } from './read-body.js';
import { send } from './reply.js';
import type { Route } from './router.js';
import { storeFailure } from './store-failure.js';

export interface ReceivedCounts {
  requests: number;
  spans: number;
  rejectedRequests: number;
  rejectedSpans: number;
  logRequests: number;
  logs: number;
  rejectedLogs: number;
  metricRequests: number;
  metricPoints: number;
}

export interface ReceiverOptions {
  commits: CommitQueue;
  forward: Pick<Forwarder, 'push' | 'pushLogs'>;
  received: ReceivedCounts;
  budget: ByteBudget;
  /** Bodies that are decoded and wait to be committed: in memory they are several times as large as on the wire. */
  waiting: ByteBudget;
  limits: Pick<TranslatorLimits, 'bodyBytes' | 'jsonDepth' | 'blobBytes'>;
  log: (line: string) => void;
}

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/**
 * The OTLP/HTTP receiver (opentelemetry-proto, docs/specification.md). 200 means committed. Metrics are taken, so
 * that a sender of all three signals works, and counted; they are not kept.
 */
export function receiverRoutes(options: ReceiverOptions): Route[] {
  const { received, limits, budget, waiting } = options;
  const post = (
    path: string,
    take: (body: Buffer, encoding: OtlpEncoding) => Promise<Uint8Array>,
    headers: Readonly<Record<string, string>> = {},
  ): Route => ({
    method: 'POST',
    path,
    async handle({ req, res }) {
      const encoding = encodingOf(req);
      if (encoding === undefined) throw unsupportedType();
      const body = await readBody(req, limits.bodyBytes, budget);
      let leave: (() => void) | undefined;
      try {
        leave = enter(waiting, body.bytes.length);
        if (encoding === 'json' && isDeeperThan(body.bytes, limits.jsonDepth)) {
          throw new HttpFailure(
            400,
            'SPOOR_OTLP_MALFORMED',
            `The JSON nests deeper than ${limits.jsonDepth} levels.`,
          );
        }
        send(res, 200, CONTENT_TYPES[encoding], await take(body.bytes, encoding), headers);
      } finally {
        leave?.();
        body.release();
      }
    },
  });
  return [
    // Senders of ours hear that the images which their spans refer to are wanted too, and spans that are still open.
    post('/v1/traces', (body, encoding) => takeTraces(options, body, encoding), {
      [BLOBS_HEADER]: String(limits.blobBytes),
      [PENDING_HEADER]: '1',
    }),
    post('/v1/logs', (body, encoding) => takeLogs(options, body, encoding)),
    post('/v1/metrics', async (body, encoding) => {
      received.metricPoints += orMalformed(() => countMetricPoints(body, encoding));
      received.metricRequests += 1;
      return encodeResponse({}, encoding, 'metrics');
    }),
  ];
}

/** Lets one body wait, whatever its size, and more up to the limit. Throws an `HttpFailure` 503: the store is behind. */
function enter(waiting: ByteBudget, bytes: number): () => void {
  if (waiting.held > 0 && waiting.held + bytes > waiting.limit) {
    throw overloaded('Too much waits to be committed.', 1);
  }
  waiting.held += bytes;
  return () => void (waiting.held -= bytes);
}

async function takeTraces(
  { commits, forward, received, log }: ReceiverOptions,
  body: Buffer,
  encoding: OtlpEncoding,
): Promise<Uint8Array> {
  const request = orMalformed(() => decodeTraceRequest(body, encoding));
  if (request.spans.length > 0) {
    await commits.append({ body, encoding, spans: request.spans }).catch((cause: unknown) => {
      throw storeFailure(cause, log);
    });
    // Before the answer: what a crash in between costs the queues is sent again, because nobody was told that it is here.
    await forward.push(request.spans);
  }
  received.requests += 1;
  received.spans += request.spans.length;
  received.rejectedSpans += request.rejected?.count ?? 0;
  return encodeResponse(request, encoding);
}

async function takeLogs(
  { commits, forward, received, log }: ReceiverOptions,
  body: Buffer,
  encoding: OtlpEncoding,
): Promise<Uint8Array> {
  const request = orMalformed(() => decodeLogsRequest(body, encoding));
  if (request.logs.length > 0) {
    await commits.appendLogs(request.logs).catch((cause: unknown) => {
      throw storeFailure(cause, log);
    });
    await forward.pushLogs(request.logs);
  }
  received.logRequests += 1;
  received.logs += request.logs.length;
  received.rejectedLogs += request.rejected?.count ?? 0;
  return encodeResponse(request, encoding, 'logs');
}

function orMalformed<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof SpoorError) throw new HttpFailure(400, cause.code, cause.message);
    throw cause;
  }
}

/** The encoding that a request is in, by its content type; parameters such as `charset` do not matter. */
function encodingOf(req: IncomingMessage): OtlpEncoding | undefined {
  const type = req.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === CONTENT_TYPES.protobuf) return 'protobuf';
  return type === CONTENT_TYPES.json ? 'json' : undefined;
}

function unsupportedType(): HttpFailure {
  return new HttpFailure(
    415,
    'SPOOR_REQUEST_INVALID',
    'The content type must be application/x-protobuf or application/json.',
  );
}

/** google.rpc.Code for the HTTP statuses that the receiver gives. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 12,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  431: 3,
  503: 14,
};

/** Answers with a google.rpc.Status in the request's encoding, JSON when it is in neither. */
export function sendStatus(req: IncomingMessage, res: ServerResponse, failure: HttpFailure): void {
  const encoding = encodingOf(req) ?? 'json';
  const status = { code: RPC_CODES[failure.status] ?? 13, message: failure.message };
  send(res, failure.status, CONTENT_TYPES[encoding], encodeStatus(status, encoding), failure.headers);
}
