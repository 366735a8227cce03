import type { LogRecord } from '../../otlp/records.js';
import { previewOfLog } from '../../translate/log-preview.js';
import { isTelling, logTime, statedSession } from '../../translate/log-record.js';
import { packLog } from '../log-body.js';
import { fold } from '../text-query.js';
import type { ContentSink } from './contents.js';
import { versionOf, wordsText } from './span-row.js';
import { dayOf } from './tables.js';

/** A row of `logs`. Ids that a record has not are empty. */
export interface LogRow {
  trace_id: string;
  key: string;
  version: string;
  removed: 0 | 1;
  day: string;
  span_id: string;
  session_id: string;
  time_ms: number;
  received_ms: number;
  telling: 0 | 1;
  preview: string;
  refs: string[];
  body: string;
}

/** A log record → its row. */
export function toLogRow(key: string, log: LogRecord, receivedMs: number, contents: ContentSink): LogRow {
  const day = dayOf(receivedMs);
  const local = contents.ofOneRow(day);
  const { body } = packLog(log, local);
  return {
    trace_id: log.traceId ?? '',
    key,
    version: versionOf(true, receivedMs).toString(),
    removed: 0,
    day,
    span_id: log.spanId ?? '',
    session_id: statedSession(log) ?? '',
    time_ms: Number(logTime(log) / 1000n) / 1000,
    received_ms: receivedMs,
    telling: isTelling(log) ? 1 : 0,
    preview: wordsText(fold(previewOfLog(log))),
    refs: local.refs,
    body,
  };
}
