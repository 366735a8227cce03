import { createHash } from 'node:crypto';
import { ATTR_SESSION_ID } from '../../semconv/attributes.js';
import { claudeCodeEventName, isClaudeCodeEvent } from '../../semconv/dialects/claude-code-events.js';
import type { Log } from '../../semconv/model/log.js';
import type { LogRecord } from '../otlp/records.js';
import { safeId } from './safe-id.js';

export const GEN_AI = 'gen_ai.' as const;

/** The name of an event: a field of the record today, an attribute of it before. */
export function eventNameOf(log: LogRecord): string | undefined {
  const named = log.eventName ?? log.attributes['event.name'];
  if (typeof named !== 'string' || named === '') return undefined;
  return claudeCodeEventName(log.scope.name, named);
}

/** True when a record says something of the work that the sessions show; all others are only shown beside it. */
export function isTelling(log: LogRecord): boolean {
  const name = eventNameOf(log);
  return name !== undefined && (name.startsWith(GEN_AI) || isClaudeCodeEvent(name));
}

/** When a record was made; when it was seen, where the sender does not know. */
export function logTime(log: LogRecord): bigint {
  return log.timeUnixNano > 0n ? log.timeUnixNano : log.observedTimeUnixNano;
}

/** The session that a record itself names. */
export function statedSession(log: LogRecord): string | undefined {
  return safeId(log.attributes[ATTR_SESSION_ID]) ?? safeId(log.resource.attributes[ATTR_SESSION_ID]);
}

/** Ids that are the same whenever the same records come again. */
export function digits(text: string, count: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, count);
}

/**
 * What tells the records of one request apart, the same when the request comes again. Records that are equal to the letter
 * are different ones, so their place among their equals counts.
 */
export function logKeys(logs: readonly LogRecord[]): string[] {
  const seen = new Map<string, number>();
  return logs.map((log) => {
    const json = JSON.stringify(log, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const said = digits(json, 32);
    const before = seen.get(said) ?? 0;
    seen.set(said, before + 1);
    return before === 0 ? said : digits(`${said} ${before}`, 32);
  });
}

/** A record as readers see it. */
export function toLog(key: string, log: LogRecord, place: { sessionId?: string; stepId?: string }): Log {
  const record: Log = { id: key, timeMs: Number(logTime(log) / 1000n) / 1000 };
  const service = log.resource.attributes['service.name'];
  const sessionId = place.sessionId ?? statedSession(log);
  const fields: Partial<Log> = {
    ...place,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(log.severityNumber === 0 ? {} : { severityNumber: log.severityNumber }),
    ...(log.severityText === undefined ? {} : { severityText: log.severityText }),
    ...(log.body === null ? {} : { body: log.body }),
    ...(log.traceId === undefined ? {} : { traceId: log.traceId }),
    ...(log.spanId === undefined ? {} : { spanId: log.spanId }),
    ...(log.scope.name === '' ? {} : { scope: log.scope.name }),
    ...(typeof service === 'string' && service !== '' ? { serviceName: service } : {}),
    ...(Object.keys(log.attributes).length === 0 ? {} : { attributes: { ...log.attributes } }),
  };
  const name = eventNameOf(log);
  return Object.assign(record, name === undefined ? fields : { name, ...fields });
}
