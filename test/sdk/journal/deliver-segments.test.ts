import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournal } from '../../../src/sdk/journal/journal.js';
import { deliverSegments, type DeliveryReport } from '../../../src/sdk/journal/deliver-segments.js';
import { targetsByAddress } from '../../../src/sdk/journal/known-targets.js';
import { listSegments } from '../../../src/sdk/journal/segments.js';
import type { OtlpTarget } from '../../../src/config/targets.js';
import { startOtlpSink, type OtlpSink } from '../../support/otlp-sink.js';
import { useJournal } from './journal-folder-for-test.js';
import { someSpans } from './some-spans.js';

const journal = useJournal();
let sink: OtlpSink;
let target: OtlpTarget;

beforeEach(async () => {
  sink = await startOtlpSink();
  target = {
    url: `${sink.url}/v1/traces`,
    headers: {},
    protocol: 'http/json',
    compression: 'gzip',
    timeoutMs: 2000,
  };
});
afterEach(() => sink.close());

function deliver(
  signal: AbortSignal = new AbortController().signal,
  to = target,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<DeliveryReport> {
  return deliverSegments({
    targetOf: targetsByAddress([to]),
    signal,
    untilMs: performance.now() + patienceMs,
  });
}
const names = (): string[] => sink.spans.map(({ name }) => name);

describe('the journal', () => {
  it('keeps what could not be delivered and sends it once', async () => {
    const spans = someSpans(1200);
    expect(createJournal(target).keep(spans)).toBe(true);
    expect(await deliver()).toEqual({ delivered: 1200, refused: 0, waiting: 0, torn: 0 });
    expect(names()).toEqual(spans.map(({ name }) => name));
    expect(journal.files()).toEqual([]);
    expect(await deliver()).toEqual({ delivered: 0, refused: 0, waiting: 0, torn: 0 });
  });

  it('can be read by its owner only', () => {
    createJournal(target).keep(someSpans(1));
    const modes = spawnSync('stat', [
      '-c',
      '%a',
      journal.folder(),
      join(journal.folder(), journal.files()[0] ?? ''),
    ]);
    expect(modes.stdout.toString().trim().split('\n')).toEqual(['700', '600']);
  });

  it('skips a torn last line and counts it', async () => {
    createJournal(target).keep(someSpans(2));
    appendFileSync(join(journal.folder(), journal.files()[0] ?? ''), '{"resourceSpans":[{"resour');
    expect(await deliver()).toEqual({ delivered: 2, refused: 0, waiting: 0, torn: 1 });
  });

  it('leaves alone a file without a header, and one of a newer form', async () => {
    writeFileSync(join(journal.folder(), 'abc-1-0-1-x.jsonl'), '');
    writeFileSync(join(journal.folder(), 'abd-1-0-1-x.jsonl'), `{"journal":2,"url":"${target.url}"}\n`);
    expect(await deliver()).toMatchObject({ delivered: 0, waiting: 2 });
    expect(journal.files()).toHaveLength(2);
  });

  it('keeps what the receiver refuses apart, with the reason, and does not send it again', async () => {
    createJournal(target).keep(someSpans(3));
    sink.answers.push({ status: 400 });
    expect(await deliver()).toEqual({ delivered: 0, refused: 3, waiting: 0, torn: 0 });
    const [file = '', ...others] = journal.files();
    expect([file.startsWith('refused/'), others]).toEqual([true, []]);
    const header = JSON.parse(
      readFileSync(join(journal.folder(), file), 'utf8').split('\n')[0] ?? '',
    ) as unknown;
    expect(header).toMatchObject({ journal: 1, url: target.url, reason: 'HTTP 400' });
    expect(await deliver()).toMatchObject({ delivered: 0, refused: 0 });
  });

  it('halves what is too large for one request', async () => {
    createJournal(target).keep(someSpans(4));
    sink.answers.push({ status: 413 });
    expect(await deliver()).toMatchObject({ delivered: 4 });
    expect(sink.requests.map(({ spanCount }) => spanCount)).toEqual([4, 2, 2]);
  });

  it('waits as long as the receiver says, and gives up at the signal with everything kept', async () => {
    createJournal(target).keep(someSpans(3));
    sink.answers.push({ status: 429, headers: { 'retry-after': '3600' } });
    const stop = new AbortController();
    const delivery = deliver(stop.signal);
    await sink.until(({ requests }) => requests.length === 1);
    stop.abort();
    expect(await delivery).toMatchObject({ delivered: 0, waiting: 1 });
    expect(await deliver()).toMatchObject({ delivered: 3, waiting: 0 });
  });

  it('does not wait for a receiver that wants to be left alone longer than there is time', async () => {
    createJournal(target).keep(someSpans(3));
    createJournal(target).keep(someSpans(3));
    sink.answers.push({ status: 503, headers: { 'retry-after': '60' } });
    expect(await deliver(undefined, target, 30_000)).toMatchObject({ delivered: 0, waiting: 2 });
    expect(sink.requests).toHaveLength(1);
  });

  it('keeps the rest when the receiver goes away in the middle', async () => {
    createJournal(target).keep(someSpans(600));
    sink.answers.push({ status: 200 }, { status: 429, headers: { 'retry-after': '3600' } });
    const stop = new AbortController();
    const delivery = deliver(stop.signal);
    await sink.until(({ requests }) => requests.length === 2);
    stop.abort();
    expect(await delivery).toMatchObject({ delivered: 512, waiting: 1 });
    expect(await deliver()).toMatchObject({ delivered: 88 });
    expect(new Set(names()).size).toBe(600);
    expect(names()).toHaveLength(600);
  });

  it('is delivered once by two that deliver at the same time', async () => {
    for (let index = 0; index < 20; index += 1) createJournal(target).keep(someSpans(5));
    const reports = await Promise.all([deliver(), deliver()]);
    expect(reports[0].delivered + reports[1].delivered).toBe(100);
    expect(names()).toHaveLength(100);
  });

  it('is not sent without the key that its receiver wants, nor to another receiver', async () => {
    createJournal({ ...target, headers: { authorization: 'Bearer k' } }).keep(someSpans(1));
    expect(await deliver()).toMatchObject({ delivered: 0, waiting: 1 });
    expect(readFileSync(join(journal.folder(), journal.files()[0] ?? ''), 'utf8')).not.toContain('Bearer');
    const keyed = { ...target, headers: { authorization: 'Bearer other' } };
    expect(await deliver(undefined, { ...keyed, url: `${sink.url}/elsewhere` })).toMatchObject({
      waiting: 1,
    });
    expect(await deliver(undefined, keyed)).toMatchObject({ delivered: 1 });
  });

  it('takes over what a dead process left open or claimed, and nothing of a living one', async () => {
    createJournal(target).keep(someSpans(1));
    createJournal(target).keep(someSpans(1));
    createJournal(target).keep(someSpans(1));
    const dead = spawnSync(process.execPath, ['-e', '0']).pid;
    const [first = '', second = '', third = ''] = journal.files().map((name) => join(journal.folder(), name));
    renameSync(first, `${first}.claim-${dead}`);
    renameSync(second, `${second}.claim-${process.pid}`);
    // Open, and its owner is this process, which lives.
    renameSync(third, `${third}.open`);
    expect(listSegments().map(({ state }) => state)).toEqual(['waiting', 'claimed', 'open']);
    writeFileSync(
      `${third}.open`,
      readFileSync(`${third}.open`, 'utf8').replace(/"pid":\d+/, `"pid":${dead}`),
    );
    expect(listSegments().map(({ state }) => state)).toEqual(['waiting', 'claimed', 'waiting']);
    expect(await deliver()).toMatchObject({ delivered: 2 });
    expect(journal.files()).toHaveLength(1);
  });
});
