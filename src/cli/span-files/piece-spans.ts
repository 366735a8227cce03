import { Buffer } from 'node:buffer';
import { decodeTraceRequest } from '../../otlp/decode.js';
import type { SpanRecord } from '../../otlp/records.js';
import { SpoorError } from '../../shared/errors.js';
import type { JsonPiece } from './split-json.js';

/** The spans of one piece, and what was wrong with those that are missing. */
export interface PieceSpans {
  spans: SpanRecord[];
  problem?: string;
}

/** Reads a trace request, one of its `resourceSpans`, or a single span, as OTLP/JSON has them. Never throws. */
export function pieceSpans({ text }: Pick<JsonPiece, 'text'>): PieceSpans {
  try {
    const { spans, rejected } = decodeTraceRequest(Buffer.from(asRequest(text)), 'json');
    if (rejected !== undefined) return { spans, problem: rejected.reason };
    return spans.length === 0 && !hasList(text)
      ? { spans, problem: 'It is no trace request and no span.' }
      : { spans };
  } catch (cause) {
    if (cause instanceof SpoorError) return { spans: [], problem: cause.message };
    throw cause;
  }
}

/** Whole requests are most of what there is: they are not parsed to see what they are. */
function asRequest(text: string): string {
  if (hasList(text)) return text;
  if (text.includes('"scopeSpans"')) return `{"resourceSpans":[${text}]}`;
  return `{"resourceSpans":[{${ownersOf(text)}"spans":[${text}]}]}]}`;
}

function hasList(text: string): boolean {
  return text.includes('"resourceSpans"');
}

/** A span on its own line may have its resource and its scope beside its other fields. */
function ownersOf(text: string): string {
  const { resource, scope } = parsed(text);
  const first = resource === undefined ? '' : `"resource":${JSON.stringify(resource)},`;
  const second = scope === undefined ? '' : `"scope":${JSON.stringify(scope)},`;
  return `${first}"scopeSpans":[{${second}`;
}

function parsed(text: string): { resource?: unknown; scope?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // The decoder says what is wrong.
    return {};
  }
}
