import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogRecord, SpanRecord } from '../otlp/records.js';
import type { Store, StoreChange } from '../store/store.js';

export interface CommitQueue {
  /** Resolves once the spans are committed; rejects with the store's own error. */
  append(spans: readonly SpanRecord[]): Promise<void>;
  /** The same for log records. */
  appendLogs(logs: readonly LogRecord[]): Promise<void>;
  /** Resolves when nothing waits any more; to be called once nothing new can come. */
  idle(): Promise<void>;
}

interface Waiting {
  spans: readonly SpanRecord[];
  logs: readonly LogRecord[];
  resolve: () => void;
  reject: (cause: unknown) => void;
}

const MAX_RECORDS = 20_000;

/**
 * One writer for all requests. Those that arrive while a transaction runs share the next one (group commit): a
 * commit costs the same for one span as for a thousand.
 */
export function createCommitQueue(store: Store, onCommit: (change: StoreChange) => void): CommitQueue {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const commit = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const spans = group.flatMap((entry) => entry.spans);
      const logs = group.flatMap((entry) => entry.logs);
      if (spans.length > 0) onCommit(await store.append(spans));
      if (logs.length > 0) onCommit(await store.appendLogs(logs));
      for (const entry of group) entry.resolve();
    } catch (cause) {
      if (group.length === 1) return group[0]?.reject(cause);
      // One request that cannot be stored must not fail those that shared its transaction.
      for (const entry of group) await commit([entry]);
    }
  };
  const run = async (): Promise<void> => {
    for (;;) {
      // An embedded store writes without yielding: let the other requests that have arrived join first.
      await nextTurn();
      const group = takeGroup(waiting);
      if (group.length === 0) break;
      await commit(group);
    }
    running = undefined;
  };
  const add = (spans: readonly SpanRecord[], logs: readonly LogRecord[]): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ spans, logs, resolve, reject });
      running ??= run();
    });
  return {
    append: (spans) => add(spans, []),
    appendLogs: (logs) => add([], logs),
    idle: () => running ?? Promise.resolve(),
  };
}

/** Takes the entries for one transaction off the queue: at least one, unless nothing waits. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let size = 0;
  const end = waiting.findIndex((entry, at) => {
    size += entry.spans.length + entry.logs.length;
    return at > 0 && size > MAX_RECORDS;
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}
