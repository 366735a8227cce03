import type { Log } from '../../semconv/model/log.js';
import type { LogRecord, SpanRecord } from '../otlp/records.js';
import type { MemoryTables } from '../translate/memory-tables.js';
import { isTelling, logTime, toLog } from '../translate/log-record.js';
import { fold, searchWords } from './text-query.js';
import { hasWords } from './memory-search.js';
import { previewOfLog } from '../translate/log-preview.js';
import { compareAscending, isLater, limitOf, pageOf, positionOf, type Position } from './page.js';
import type { LogQuery, Page } from './store.js';

export interface KeptLog {
  key: string;
  log: LogRecord;
}

/** What was logged within a span and says something of it, in order of time. */
export function tellingOf(logged: Iterable<KeptLog>, span: SpanRecord): LogRecord[] {
  const found: LogRecord[] = [];
  for (const { log } of logged) {
    if (log.spanId === span.spanId && log.traceId === span.traceId && isTelling(log)) found.push(log);
  }
  return found.toSorted((a, b) => Number(logTime(a) - logTime(b)));
}

/** A page of log records in order of time, each at the place of its span. */
export function pageOfLogs(
  logged: readonly KeptLog[],
  query: LogQuery,
  tables: Pick<MemoryTables, 'traceNodes'>,
): Page<Log> {
  const limit = limitOf(query);
  const position = positionOf(query);
  const words = searchWords(query.text ?? '');
  const found = logged
    .filter(({ log }) => query.traceId === undefined || log.traceId === query.traceId)
    .filter(({ log }) => query.spanId === undefined || log.spanId === query.spanId)
    .filter(({ log }) => words.length === 0 || hasWords(new Set(fold(previewOfLog(log))), words))
    .map(({ key, log }) => toLog(key, log, placeOf(log, tables)))
    .filter((log) => query.sessionId === undefined || isIn(log, query.sessionId, tables))
    .filter((log) => isLater(logPosition(log), position))
    .toSorted((a, b) => compareAscending(logPosition(a), logPosition(b)));
  return pageOf(found.slice(0, limit + 1), limit, logPosition);
}

function logPosition(log: Log): Position {
  return { ms: log.timeMs, id: log.id };
}

/** The place of its span counts; then what the record says; then the sessions of its trace. */
function isIn(log: Log, sessionId: string, tables: Pick<MemoryTables, 'traceNodes'>): boolean {
  if (log.sessionId !== undefined) return log.sessionId === sessionId;
  const nodes = log.traceId === undefined ? [] : [...tables.traceNodes(log.traceId)];
  return nodes.some((node) => node.sessionId === sessionId);
}

function placeOf(
  log: LogRecord,
  tables: Pick<MemoryTables, 'traceNodes'>,
): { sessionId?: string; stepId?: string } {
  if (log.traceId === undefined || log.spanId === undefined) return {};
  for (const { node, sessionId, stepId } of tables.traceNodes(log.traceId)) {
    if (node.spanId !== log.spanId) continue;
    return { ...(sessionId === undefined ? {} : { sessionId }), ...(stepId === undefined ? {} : { stepId }) };
  }
  return {};
}
