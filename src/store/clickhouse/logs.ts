import type { Log } from '../../../semconv/model/log.js';
import type { LogRecord } from '../../otlp/records.js';
import { implicitSessionId } from '../../translate/contribution.js';
import { toLog } from '../../translate/log-record.js';
import type { MemoryTables } from '../../translate/memory-tables.js';
import { unpackLog } from '../log-body.js';
import { limitOf, pageOf, positionOf, type Position } from '../page.js';
import type { LogQuery, Page } from '../store.js';
import { searchWords } from '../text-query.js';
import type { ClickHouseContents } from './contents.js';
import type { Engine, Params } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { LogRow } from './log-row.js';
import type { NodeReader } from './node-reader.js';
import { wordPattern } from './span-row.js';

export interface KeyedLog {
  key: string;
  log: LogRecord;
}

/** The log records of a store. */
export interface ClickHouseLogs {
  /** Which of these keys are there. */
  known(keys: readonly { key: string; traceId: string }[]): Promise<ReadonlySet<string>>;
  /** What was logged within spans of these traces and says something of them, in order of time, by trace and span id. */
  tellingOf(traceIds: Iterable<string>): Promise<ReadonlyMap<string, readonly LogRecord[]>>;
  /** Records outside of any span that may be observations of their own, in pieces. */
  loose(): AsyncIterableIterator<KeyedLog[]>;
  page(query: LogQuery): Promise<Page<Log>>;
  count(): Promise<number>;
}

type Row = Pick<LogRow, 'trace_id' | 'key' | 'span_id' | 'time_ms' | 'refs' | 'body'>;
const ROW = 'trace_id, key, span_id, time_ms, refs, body';
const LOOSE = 1000;
const IMPLICIT = implicitSessionId('');

/** Opens the log records of a database. */
export function createLogs(engine: Engine, contents: ClickHouseContents, nodes: NodeReader): ClickHouseLogs {
  const { logs } = engine.tables;

  async function unpack(rows: readonly Row[]): Promise<LogRecord[]> {
    const texts = await contents.read(rows.flatMap((row) => row.refs));
    return rows.map((row) =>
      unpackLog(row.body, { get: (place) => texts.get(row.refs[place] ?? '') ?? 'null' }),
    );
  }

  async function page(query: LogQuery): Promise<Page<Log>> {
    const limit = limitOf(query);
    let position = positionOf(query);
    const { sessionId } = query;
    const found: { at: Position; log: Log }[] = [];
    for (;;) {
      const { where, params } = conditions(engine, query, position);
      const rows = await engine.rows<Row>(
        `SELECT ${ROW} FROM ${logs} FINAL WHERE ${where} ORDER BY time_ms, key LIMIT {limit:UInt32}`,
        { ...params, limit: limit + 1 },
      );
      const spanned = new Set(rows.filter((row) => row.trace_id !== '').map((row) => row.trace_id));
      const tables = (await nodes.load(spanned)).fold();
      for (const [i, log] of (await unpack(rows)).entries()) {
        const row = rows[i] as Row;
        const shown = toLog(row.key, log, placeOf(row, tables));
        if (sessionId !== undefined && !isIn(shown, sessionId, tables)) continue;
        found.push({ at: { ms: row.time_ms, id: row.key }, log: shown });
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length <= limit || found.length > limit) break;
      position = { ms: last.time_ms, id: last.key };
    }
    const { items, ...rest } = pageOf(found.slice(0, limit + 1), limit, ({ at }) => at);
    return { ...rest, items: items.map(({ log }) => log) };
  }

  return {
    page,
    async known(keys) {
      const traceIds = [...new Set(keys.map(({ traceId }) => traceId))];
      const rows = await inPieces(
        keys.map(({ key }) => key),
        (piece) =>
          engine.rows<{ key: string }>(
            `SELECT key FROM ${logs} FINAL WHERE trace_id IN {traces:Array(String)} AND key IN {keys:Array(String)}`,
            { traces: traceIds, keys: piece },
          ),
      );
      return new Set(rows.map((row) => row.key));
    },
    async tellingOf(traceIds) {
      const rows = await inPieces(new Set(traceIds), (piece) =>
        engine.rows<Row>(
          `SELECT ${ROW} FROM ${logs} FINAL
           WHERE trace_id IN {ids:Array(String)} AND telling = 1 AND span_id != '' ORDER BY time_ms, key`,
          { ids: piece },
        ),
      );
      const told = new Map<string, LogRecord[]>();
      for (const [i, log] of (await unpack(rows)).entries()) {
        const { trace_id, span_id } = rows[i] as Row;
        const id = `${trace_id} ${span_id}`;
        const known = told.get(id);
        if (known === undefined) told.set(id, [log]);
        else known.push(log);
      }
      return told;
    },
    async *loose() {
      let after: [string, string] = ['', ''];
      for (;;) {
        const rows = await engine.rows<Row>(
          `SELECT ${ROW} FROM ${logs} FINAL WHERE telling = 1 AND span_id = ''
             AND (trace_id, key) > ({trace:String}, {key:String})
           ORDER BY trace_id, key LIMIT ${LOOSE}`,
          { trace: after[0], key: after[1] },
        );
        const last = rows.at(-1);
        if (last === undefined) return;
        const records = await unpack(rows);
        yield rows.map((row, i) => ({ key: row.key, log: records[i] as LogRecord }));
        after = [last.trace_id, last.key];
      }
    },
    async count() {
      const [row] = await engine.rows<{ n: string }>(`SELECT count() AS n FROM ${logs} FINAL`);
      return Number(row?.n ?? 0);
    },
  };
}

function conditions(
  engine: Engine,
  query: LogQuery,
  position: Position | undefined,
): { where: string; params: Params } {
  const where = ['1'];
  const params: Record<string, string> = {};
  const { sessionId, traceId, spanId, text = '' } = query;
  if (traceId !== undefined) where.push('trace_id = {trace:String}');
  if (spanId !== undefined) where.push('span_id = {span:String}');
  if (sessionId !== undefined) {
    where.push(`(session_id = {session:String} OR concat('${IMPLICIT}', trace_id) = {session:String} OR trace_id GLOBAL IN
      (SELECT trace_id FROM ${engine.tables.session_traces} WHERE session_id = {session:String}))`);
  }
  if (position !== undefined) where.push('(time_ms, key) > ({ms:Float64}, {key:String})');
  for (const [i, word] of searchWords(text).entries()) {
    where.push(`preview LIKE {word${i}:String}`);
    params[`word${i}`] = wordPattern(word);
  }
  return {
    where: where.join(' AND '),
    params: {
      ...params,
      trace: traceId ?? '',
      span: spanId ?? '',
      session: sessionId ?? '',
      ms: position?.ms ?? 0,
      key: position?.id ?? '',
    },
  };
}

/** The place of its span counts; then what the record says; then the sessions of its trace. */
function isIn(log: Log, sessionId: string, tables: MemoryTables): boolean {
  if (log.sessionId !== undefined) return log.sessionId === sessionId;
  for (const node of tables.traceNodes(log.traceId ?? '')) if (node.sessionId === sessionId) return true;
  return false;
}

function placeOf(row: Row, tables: MemoryTables): { sessionId?: string; stepId?: string } {
  for (const { node, ...place } of tables.traceNodes(row.trace_id))
    if (node.spanId === row.span_id) return place;
  return {};
}
