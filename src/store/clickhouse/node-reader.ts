import type { TranslatedSpan } from '../../translate/translate-span.js';
import { createLedger } from '../../translate/ledger.js';
import { createMemoryTables, type MemoryTables } from '../../translate/memory-tables.js';
import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import { sessionTarget, traceTarget } from './span-row.js';

/** What the fold of a span needs. */
interface FactsRow {
  trace_id: string;
  span_id: string;
  received_ms: number;
  stated_session: string;
  facts: string;
}

/** Some traces, whole, with what was said of their spans elsewhere. */
export interface LoadedTraces {
  readonly traceIds: ReadonlySet<string>;
  /** Sessions that spans of these traces name. */
  readonly statedSessions: ReadonlySet<string>;
  /** Reads more traces in. */
  add(traceIds: Iterable<string>): Promise<void>;
  /** Folds all that is loaded. */
  fold(): MemoryTables;
}

/** Finds and folds the spans of traces and sessions: every translator works out the same from the same rows. */
export interface NodeReader {
  load(traceIds: Iterable<string>): Promise<LoadedTraces>;
  /** Traces in which a span names one of these sessions, or that stand for one. */
  tracesOf(sessionIds: Iterable<string>): Promise<string[]>;
  /** Everything that is folded into one session. */
  loadSession(sessionId: string): Promise<MemoryTables>;
}

const FACTS = 'trace_id, span_id, received_ms, stated_session, facts';
const IMPLICIT = 'trace:';

/** Makes the reader of a database. */
export function createNodeReader(engine: Engine): NodeReader {
  const { spans, amendments, session_traces } = engine.tables;

  const factsOf = (traceIds: Iterable<string>): Promise<FactsRow[]> =>
    inPieces(traceIds, (piece) =>
      engine.rows<FactsRow>(`SELECT ${FACTS} FROM ${spans} FINAL WHERE trace_id IN {ids:Array(String)}`, {
        ids: piece,
      }),
    );

  /** Amendments of observations, which may be in traces of their own. */
  async function amendmentsOf(targets: Iterable<string>): Promise<FactsRow[]> {
    const places = await inPieces(targets, (piece) =>
      engine.rows<{ trace_id: string; span_id: string }>(
        `SELECT trace_id, span_id FROM ${amendments} WHERE target IN {targets:Array(String)} LIMIT 1 BY trace_id, span_id`,
        { targets: piece },
      ),
    );
    if (places.length === 0) return [];
    const wanted = new Set(places.map((place) => `${place.trace_id} ${place.span_id}`));
    const rows = await inPieces(new Set(places.map((place) => place.trace_id)), (piece) =>
      engine.rows<FactsRow>(
        `SELECT ${FACTS} FROM ${spans} FINAL WHERE trace_id IN {ids:Array(String)} AND span_id IN {spans:Array(String)}`,
        { ids: piece, spans: [...new Set(places.map((place) => place.span_id))] },
      ),
    );
    return rows.filter((row) => wanted.has(`${row.trace_id} ${row.span_id}`));
  }

  async function load(first: Iterable<string>): Promise<LoadedTraces> {
    const rows = new Map<string, FactsRow>();
    const traceIds = new Set<string>();
    const statedSessions = new Set<string>();
    const targets = new Set<string>();

    async function add(more: Iterable<string>): Promise<void> {
      const fresh = [...new Set(more)].filter((traceId) => !traceIds.has(traceId));
      if (fresh.length === 0) return;
      for (const traceId of fresh) traceIds.add(traceId);
      const found = await factsOf(fresh);
      const asked = new Set(fresh.map(traceTarget));
      for (const row of found) {
        rows.set(`${row.trace_id} ${row.span_id}`, row);
        if (row.stated_session === '') continue;
        statedSessions.add(row.stated_session);
        asked.add(sessionTarget(row.stated_session));
      }
      const unknown = [...asked].filter((target) => !targets.has(target));
      for (const target of unknown) targets.add(target);
      for (const row of await amendmentsOf(unknown)) rows.set(`${row.trace_id} ${row.span_id}`, row);
    }

    await add(first);
    return { traceIds, statedSessions, add, fold: () => foldRows([...rows.values()]) };
  }

  async function tracesOf(sessionIds: Iterable<string>): Promise<string[]> {
    const ids = [...sessionIds];
    const rows = await inPieces(ids, (piece) =>
      engine.rows<{ trace_id: string }>(
        `SELECT DISTINCT trace_id FROM ${session_traces} WHERE session_id IN {ids:Array(String)}`,
        { ids: piece },
      ),
    );
    const implicit = ids.filter((id) => id.startsWith(IMPLICIT)).map((id) => id.slice(IMPLICIT.length));
    return [...new Set([...rows.map((row) => row.trace_id), ...implicit])];
  }

  return {
    load,
    tracesOf,
    loadSession: async (sessionId) => (await load(await tracesOf([sessionId]))).fold(),
  };
}

/** Spans that came together are folded together, so that their session was updated when they came. */
function foldRows(rows: FactsRow[]): MemoryTables {
  const tables = createMemoryTables();
  const ledger = createLedger(tables);
  rows.sort((a, b) => a.received_ms - b.received_ms);
  for (let from = 0; from < rows.length;) {
    const receivedMs = (rows[from] as FactsRow).received_ms;
    let to = from + 1;
    while (rows[to]?.received_ms === receivedMs) to++;
    ledger.apply(
      rows.slice(from, to).map((row) => JSON.parse(row.facts) as TranslatedSpan),
      receivedMs,
    );
    from = to;
  }
  return tables;
}
