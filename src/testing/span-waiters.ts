import type { SpanRecord } from '../otlp/records.js';

/** Promises that settle when a growing list of spans is long enough. */
export interface SpanWaiters {
  /** To be called after the list has grown. */
  notify(): void;
  /** Rejects after `timeoutMs`, naming the spans that are there. */
  wait(count: number, timeoutMs: number): Promise<readonly SpanRecord[]>;
}

interface Waiter {
  readonly count: number;
  readonly done: () => void;
}

/** Watches a list that only `notify` tells about. */
export function createSpanWaiters(spans: readonly SpanRecord[]): SpanWaiters {
  const waiters = new Set<Waiter>();
  const notify = (): void => {
    for (const waiter of waiters) if (spans.length >= waiter.count) waiter.done();
  };
  const wait = (count: number, timeoutMs: number): Promise<readonly SpanRecord[]> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        const names = spans.map((span) => span.name).join(', ') || 'none';
        reject(new Error(`Waited ${timeoutMs} ms for ${count} spans; ${spans.length} came: ${names}.`));
      }, timeoutMs);
      const waiter: Waiter = {
        count,
        done: () => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve([...spans]);
        },
      };
      waiters.add(waiter);
      notify();
    });
  return { notify, wait };
}
