import { toPatch } from '../../translate/span-node.js';
import type { TranslatedSpan } from '../../translate/translate-span.js';
import type { StoreChange } from '../store.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { NodeReader } from './node-reader.js';
import { settleTraces } from './settle.js';

/** Keeps the summaries up to date with what was written. */
export interface Settler {
  /** Resolves when the summaries speak of these spans. */
  settle(spans: readonly TranslatedSpan[]): Promise<Pick<StoreChange, 'sessionIds' | 'traceIds'>>;
  /** Works out some traces anew. */
  renew(traceIds: ReadonlySet<string>): Promise<void>;
  /** The sessions that traces belong to. */
  sessionsOf(traceIds: Iterable<string>): Promise<string[]>;
}

/** Makes the settler of a database. */
export function createSettler(engine: Engine, reader: NodeReader): Settler {
  return {
    async settle(spans) {
      const traceIds = new Set<string>();
      const sessions = new Set<string>();
      for (const span of spans) {
        traceIds.add(span.traceId);
        const patch = toPatch(span);
        if (patch?.targetTraceId !== undefined) traceIds.add(patch.targetTraceId);
        if (patch?.targetSessionId !== undefined) sessions.add(patch.targetSessionId);
      }
      const { tables, sessionIds, gone } = await settleTraces(engine, reader, traceIds, sessions);
      const touched = new Set(gone);
      for (const { traceId, spanId } of spans) {
        for (const { node, sessionId } of tables.traceNodes(traceId)) {
          if (node.spanId === spanId && sessionId !== undefined) touched.add(sessionId);
        }
      }
      for (const id of sessions) if (sessionIds.has(id)) touched.add(id);
      return { sessionIds: [...touched], traceIds: [...traceIds].filter((id) => tables.traces.has(id)) };
    },
    renew: async (traceIds) => void (await settleTraces(engine, reader, traceIds)),
    async sessionsOf(traceIds) {
      const rows = await inPieces(traceIds, (piece) =>
        engine.rows<{ session_ids: string[] }>(
          `SELECT session_ids FROM ${engine.tables.traces} FINAL WHERE trace_id IN {ids:Array(String)}`,
          { ids: piece },
        ),
      );
      return rows.flatMap((row) => row.session_ids);
    },
  };
}
