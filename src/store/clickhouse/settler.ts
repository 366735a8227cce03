import { performance } from 'node:perf_hooks';
import { implicitSessionId } from '../../translate/contribution.js';
import { toNode, toPatch } from '../../translate/span-node.js';
import type { TranslatedSpan } from '../../translate/translate-span.js';
import type { StoreChange } from '../store.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { NodeReader } from './node-reader.js';
import { settleTraces, type Settled } from './settle.js';

/** Keeps the summaries up to date with what was written. */
export interface Settler {
  /** Resolves when the summaries speak of these spans; those of large sessions do so a little later. */
  settle(spans: readonly TranslatedSpan[]): Promise<Pick<StoreChange, 'sessionIds' | 'traceIds'>>;
  /** Works out some traces anew. */
  renew(traceIds: ReadonlySet<string>): Promise<void>;
  /** The sessions that traces belong to. */
  sessionsOf(traceIds: Iterable<string>): Promise<string[]>;
  /** Works out what was put off. */
  finish(): Promise<void>;
}

/** From how many spans on the summary of a session is not worked out with each batch, and the pause between two times. */
const LARGE = 2000;
const PAUSE_MS_PER_SPAN = 0.2;
const MOST_REMEMBERED = 10_000;

interface Known {
  /** Of the session, or of the largest session of the trace. */
  spans: number;
  dueMs: number;
  sessionIds: readonly string[];
}

/** Makes the settler of a database. */
export function createSettler(engine: Engine, reader: NodeReader): Settler {
  /** Large traces and sessions that were worked out by this process. */
  const large = new Map<string, Known>();
  const putOff = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let finished: Promise<void> = Promise.resolve();

  function note({ tables, sessionIds }: Settled, traceIds: Iterable<string>): void {
    if (large.size > MOST_REMEMBERED) large.clear();
    const remember = (id: string, spans: number, ids: readonly string[]): void => {
      if (spans < LARGE) large.delete(id);
      else large.set(id, { spans, sessionIds: ids, dueMs: performance.now() + spans * PAUSE_MS_PER_SPAN });
    };
    const spansOf = (id: string): number => tables.sessions.get(id)?.spans ?? 0;
    for (const id of sessionIds) remember(`session ${id}`, spansOf(id), [id]);
    for (const traceId of traceIds) {
      const own = new Set([...tables.traceNodes(traceId)].flatMap(({ sessionId }) => sessionId ?? []));
      const sizes = [...own].map(spansOf);
      remember(`trace ${traceId}`, Math.max(tables.traces.get(traceId)?.spanCount ?? 0, ...sizes), [...own]);
    }
  }

  async function work(traceIds: ReadonlySet<string>, sessions?: Iterable<string>): Promise<Settled> {
    const settled = await settleTraces(engine, reader, traceIds, sessions);
    note(settled, traceIds);
    return settled;
  }

  /** What is known of a large trace or session that was worked out a moment ago. */
  function pausing(span: TranslatedSpan): Known | undefined {
    const { sessionId = implicitSessionId(span.traceId) } = toNode(span, 0);
    for (const id of [`trace ${span.traceId}`, `session ${sessionId}`]) {
      const known = large.get(id);
      if (known !== undefined && performance.now() < known.dueMs) return known;
    }
    return undefined;
  }

  function putOffUntil(traceId: string, dueMs: number): void {
    putOff.add(traceId);
    timer ??= setTimeout(() => {
      timer = undefined;
      // What fails is worked out with the next batch, or when a translator starts.
      finish().catch(() => undefined);
    }, dueMs - performance.now()).unref();
  }

  async function after(before: Promise<void>, traceIds: ReadonlySet<string>): Promise<void> {
    await before;
    if (traceIds.size > 0) await work(traceIds);
  }

  /** One after the other: whoever closes waits for the work that the timer began, too. */
  function finish(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const traceIds = new Set(putOff);
    putOff.clear();
    const done = after(finished, traceIds);
    finished = done.catch(() => undefined);
    return done;
  }

  return {
    async settle(spans) {
      const now = new Set<string>();
      const traceIds = new Set<string>();
      const sessionIds = new Set<string>();
      const amended = new Set<string>();
      for (const span of spans) {
        traceIds.add(span.traceId);
        const patch = toPatch(span);
        if (patch?.targetTraceId !== undefined) now.add(patch.targetTraceId);
        if (patch?.targetSessionId !== undefined) amended.add(patch.targetSessionId);
        const known = pausing(span);
        if (known === undefined) now.add(span.traceId);
        else {
          putOffUntil(span.traceId, known.dueMs);
          for (const id of known.sessionIds) sessionIds.add(id);
        }
      }
      if (now.size > 0 || amended.size > 0) {
        const settled = await work(now, amended);
        for (const id of touchedBy(spans, settled, amended)) sessionIds.add(id);
        for (const id of now) if (settled.tables.traces.has(id)) traceIds.add(id);
      }
      return { sessionIds: [...sessionIds], traceIds: [...traceIds] };
    },
    renew: async (traceIds) => {
      if (traceIds.size > 0) await work(traceIds);
    },
    async sessionsOf(traceIds) {
      const rows = await inPieces(traceIds, (piece) =>
        engine.rows<{ session_ids: string[] }>(
          `SELECT session_ids FROM ${engine.tables.traces} FINAL WHERE trace_id IN {ids:Array(String)}`,
          { ids: piece },
        ),
      );
      return rows.flatMap((row) => row.session_ids);
    },
    finish,
  };
}

/** Sessions that hold one of these spans, that an amendment means, or that are no more. */
function touchedBy(
  spans: readonly TranslatedSpan[],
  { tables, sessionIds, gone }: Settled,
  amended: ReadonlySet<string>,
): Set<string> {
  const touched = new Set(gone);
  const own = new Set(spans.map((span) => `${span.traceId} ${span.spanId}`));
  for (const traceId of new Set(spans.map((span) => span.traceId))) {
    for (const { node, sessionId } of tables.traceNodes(traceId))
      if (sessionId !== undefined && own.has(`${traceId} ${node.spanId}`)) touched.add(sessionId);
  }
  for (const id of amended) if (sessionIds.has(id)) touched.add(id);
  return touched;
}
