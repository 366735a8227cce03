import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogRecord } from '../otlp/records.js';
import type { ReceivedSpans, Store, StoreChange } from '../store/store.js';

export interface CommitQueue {
  /** Resolves once the spans of a request are committed; rejects with the store's own error. */
  append(request: ReceivedSpans): Promise<void>;
  /** The same for log records. */
  appendLogs(logs: readonly LogRecord[]): Promise<void>;
  /** Resolves when nothing waits any more; to be called once nothing new can come. */
  idle(): Promise<void>;
}

interface Waiting {
  request?: ReceivedSpans;
  logs: readonly LogRecord[];
  resolve: () => void;
  reject: (cause: unknown) => void;
}

const MAX_RECORDS = 20_000;
/** Fewer spans are worked out at once: a second transaction would cost more than the wait. */
const QUICK_FROM = 64;

/**
 * One writer for all requests. Those that arrive while a transaction runs share the next one (group commit): a
 * commit costs the same for one span as for a thousand. What follows from many spans is worked out once they are
 * committed, in pieces, while nobody waits for a commit.
 */
export function createCommitQueue(store: Store, onCommit: (change: StoreChange) => void): CommitQueue {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const keep = async (requests: readonly ReceivedSpans[]): Promise<void> => {
    const spans = requests.flatMap((request) => request.spans);
    if (spans.length === 0) return;
    if (store.receive !== undefined && spans.length >= QUICK_FROM) await store.receive(requests);
    else onCommit(await store.append(spans));
  };
  const commit = async (group: readonly Waiting[]): Promise<void> => {
    try {
      await keep(group.flatMap((entry) => entry.request ?? []));
      const logs = group.flatMap((entry) => entry.logs);
      if (logs.length > 0) onCommit(await store.appendLogs(logs));
      for (const entry of group) entry.resolve();
    } catch (cause) {
      if (group.length === 1) return group[0]?.reject(cause);
      // One request that cannot be stored must not fail those that shared its transaction.
      for (const entry of group) await commit([entry]);
    }
  };
  const project = async (): Promise<boolean> => {
    try {
      const change = await store.project?.();
      if (change !== undefined) onCommit(change);
      return change !== undefined;
    } catch {
      // What is committed is safe. The next request that cannot be kept for the same reason is told.
      return false;
    }
  };
  const run = async (): Promise<void> => {
    for (;;) {
      // An embedded store writes without yielding: let the other requests that have arrived join first.
      await nextTurn();
      const group = takeGroup(waiting);
      if (group.length > 0) await commit(group);
      else if (!(await project()) && waiting.length === 0) break;
    }
    running = undefined;
  };
  const add = (entry: Pick<Waiting, 'request' | 'logs'>): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ ...entry, resolve, reject });
      running ??= run();
    });
  return {
    append: (request) => add({ request, logs: [] }),
    appendLogs: (logs) => add({ logs }),
    idle: () => running ?? Promise.resolve(),
  };
}

/** Takes the entries for one transaction off the queue: at least one, unless nothing waits. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  let size = 0;
  const end = waiting.findIndex(({ request, logs }, at) => {
    size += (request?.spans.length ?? 0) + logs.length;
    return at > 0 && size > MAX_RECORDS;
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}
