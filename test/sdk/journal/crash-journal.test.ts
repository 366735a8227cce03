import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { createCrashJournal, type CrashJournal } from '../../../src/sdk/journal/crash-journal.js';
import { readSegment } from '../../../src/sdk/journal/read-segment.js';
import { listSegments } from '../../../src/sdk/journal/segments.js';
import { useJournal } from './journal-folder-for-test.js';
import { someSpans } from './some-spans.js';

useJournal();

const target = {
  url: 'http://127.0.0.1:9/v1/traces',
  headers: {},
  protocol: 'http/json',
  compression: 'none',
  timeoutMs: 1000,
} as const;

function open(segmentBytes = 1_000_000): CrashJournal {
  return createCrashJournal(target, { fsync: false, segmentBytes });
}
const asStarted = (span: ReadableSpan): ReadableSpan =>
  Object.create(span, { endTime: { value: [0, 0] }, ended: { value: false } }) as ReadableSpan;
function start(journal: CrashJournal, span: ReadableSpan): void {
  journal.started(asStarted(span), (started) => started);
}
async function onDisk(): Promise<{ ended: string[]; started: string[] }> {
  const read = await Promise.all(listSegments().map(({ path }) => readSegment(path)));
  return {
    ended: read.flatMap(({ ended }) => ended.map(({ name }) => name)),
    started: read.flatMap(({ started }) => started.map(({ name }) => name)),
  };
}

describe('the crash journal', () => {
  it('has an end on disk at once, and a start when the program goes on', async () => {
    const journal = open();
    const [first, second] = someSpans(2) as [ReadableSpan, ReadableSpan];
    start(journal, first);
    await setImmediate();
    expect(await onDisk()).toEqual({ ended: [], started: ['span 0'] });
    start(journal, second);
    journal.ended(first);
    expect(await onDisk()).toEqual({ ended: ['span 0'], started: ['span 1'] });
  });

  it('writes no start of what ends at once', async () => {
    const journal = open();
    const [only] = someSpans(1) as [ReadableSpan];
    start(journal, only);
    journal.ended(only);
    await setImmediate();
    const text = listSegments().map(({ path }) => readFileSync(path, 'utf8'));
    expect(
      text
        .join('')
        .split('\n')
        .filter((line) => line.includes('"span 0"')),
    ).toHaveLength(1);
    expect(await onDisk()).toEqual({ ended: ['span 0'], started: [] });
  });

  it('tells no more of what was acknowledged', async () => {
    const journal = open();
    const spans = someSpans(3);
    for (const span of spans) journal.ended(span);
    journal.acknowledged(spans.slice(0, 2));
    expect(await onDisk()).toEqual({ ended: ['span 2'], started: [] });
    journal.close();
    expect(listSegments().map(({ state }) => state)).toEqual(['waiting']);
    expect(await onDisk()).toEqual({ ended: ['span 2'], started: [] });
  });

  it('knows that a span ended whose start lies in an older file', async () => {
    const journal = open(1);
    const [first, second] = someSpans(2) as [ReadableSpan, ReadableSpan];
    start(journal, first);
    start(journal, second);
    await setImmediate();
    journal.ended(first);
    expect(listSegments()).toHaveLength(3);
    journal.acknowledged([first]);
    expect(await onDisk()).toEqual({ ended: [], started: ['span 1'] });
  });

  it('takes its files away as they are acknowledged', () => {
    const journal = open(2000);
    for (let round = 0; round < 50; round += 1) {
      const spans = someSpans(10);
      for (const span of spans) journal.ended(span);
      journal.acknowledged(spans);
    }
    expect(listSegments().length).toBeLessThanOrEqual(2);
    journal.close();
    expect(listSegments()).toEqual([]);
  });
});
