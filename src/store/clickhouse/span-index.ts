import type { SpanRecord } from '../../otlp/records.js';
import { toNode } from '../../translate/span-node.js';
import type { TranslatedSpan } from '../../translate/translate-span.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import { amendmentTarget } from './span-row.js';
import { dayOf } from './tables.js';

const MOST_NOTED = 100_000;

/** A span of a batch that stands, with the arrival of its first copy when that came before. */
export interface Standing {
  span: SpanRecord;
  first?: { ms: number; place: number };
}

/** What spans are found by, beside their own ids. */
export interface SpanIndex {
  /** The spans of a batch that stand, each once; `accepted` counts what was not refused. */
  accept(spans: readonly SpanRecord[]): Promise<{ standing: Standing[]; accepted: number }>;
  /** Notes the sessions that spans name, and what they amend. */
  save(spans: readonly TranslatedSpan[], receivedMs: number): Promise<void>;
}

interface KnownRow {
  trace_id: string;
  span_id: string;
  ended: number;
  first_ms: number;
  place: number;
}

/** Makes the index of a database. */
export function createSpanIndex(engine: Engine): SpanIndex {
  /** Sessions and traces that were noted today. */
  const noted = new Set<string>();

  async function knownOf(spans: readonly SpanRecord[]): Promise<Map<string, KnownRow>> {
    const rows = await inPieces(new Set(spans.map(idOf)), (piece) =>
      engine.rows<KnownRow>(
        `SELECT trace_id, span_id, ended, first_ms, place FROM ${engine.tables.spans} FINAL
         WHERE trace_id IN {traces:Array(String)} AND span_id IN {spans:Array(String)}`,
        {
          traces: [...new Set(piece.map((id) => id.split(' ')[0] as string))],
          spans: [...new Set(piece.map((id) => id.split(' ')[1] as string))],
        },
      ),
    );
    return new Map(rows.map((row) => [`${row.trace_id} ${row.span_id}`, row]));
  }

  return {
    async accept(spans) {
      const known = await knownOf(spans);
      const ended = new Set([...known].filter(([, row]) => row.ended === 1).map(([id]) => id));
      const standing = new Map<string, Standing>();
      let accepted = 0;
      for (const span of spans) {
        const id = idOf(span);
        if (span.endTimeUnixNano > 0n) ended.add(id);
        else if (ended.has(id)) continue;
        accepted++;
        const row = known.get(id);
        standing.set(
          id,
          row === undefined ? { span } : { span, first: { ms: row.first_ms, place: row.place } },
        );
      }
      return { standing: [...standing.values()], accepted };
    },
    async save(spans, receivedMs) {
      const day = dayOf(receivedMs);
      const sessions = new Map<string, object>();
      const amendments: object[] = [];
      for (const span of spans) {
        const { traceId: trace_id, spanId: span_id } = span;
        const session_id = toNode(span, receivedMs).sessionId;
        const key = `${day} ${trace_id} ${session_id ?? ''}`;
        if (session_id !== undefined && !noted.has(key)) sessions.set(key, { session_id, trace_id, day });
        const target = amendmentTarget(span);
        if (target !== undefined) amendments.push({ target, trace_id, span_id, day });
      }
      await Promise.all([
        engine.insert('session_traces', [...sessions.values()]),
        engine.insert('amendments', amendments),
      ]);
      if (noted.size + sessions.size > MOST_NOTED) noted.clear();
      for (const key of sessions.keys()) noted.add(key);
    },
  };
}

function idOf({ traceId, spanId }: SpanRecord): string {
  return `${traceId} ${spanId}`;
}
