import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { boundJournal } from '../../../src/sdk/journal/journal-bounds.js';
import { createJournal } from '../../../src/sdk/journal/journal.js';
import { listSegments } from '../../../src/sdk/journal/segments.js';
import { resetReported } from '../../../src/tracing/diag.js';
import { captureDiagnostics } from '../../support/captured-diagnostics.js';
import { useJournal } from './journal-folder-for-test.js';
import { someSpans } from './some-spans.js';

const journal = useJournal();
const target = {
  url: 'http://127.0.0.1:9/v1/traces',
  headers: {},
  protocol: 'http/json',
  compression: 'none',
  timeoutMs: 1000,
} as const;
let messages: string[];

beforeEach(() => {
  resetReported();
  messages = captureDiagnostics();
});
const losses = (): unknown[] =>
  readFileSync(join(journal.folder(), 'losses.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('the bounds of the journal', () => {
  it('remove the oldest of what is too much, and say so', () => {
    for (let index = 0; index < 4; index += 1) createJournal(target).keep(someSpans(10));
    const before = listSegments();
    const keep = before.slice(2).reduce((sum, { bytes }) => sum + bytes, 0);
    boundJournal({ maxBytes: keep, maxAgeMs: 1e9 }, Date.now());
    expect(listSegments()).toHaveLength(2);
    expect(losses()).toMatchObject([{ reason: 'the journal is full' }, { reason: 'the journal is full' }]);
    expect(messages).toEqual(['spoor: undelivered spans were lost: the journal is full']);
  });

  it('remove what is too old', () => {
    createJournal(target).keep(someSpans(1));
    boundJournal({ maxBytes: 1e9, maxAgeMs: 1000 }, Date.now() + 2000);
    expect(listSegments()).toEqual([]);
    expect(losses()).toMatchObject([{ reason: 'older than the journal keeps' }]);
  });
});

describe('a journal that cannot be written', () => {
  it('because its folder is a file loses only what it was given, and says so', () => {
    process.env['SPOOR_JOURNAL_DIR'] = '/dev/null';
    const made = createJournal(target);
    expect(made.keep(someSpans(2))).toBe(false);
    expect(messages.map((message) => message.replace(/: ENOTDIR.*|: Error.*/, ''))).toEqual([
      'spoor: the journal could not be written',
      'spoor: undelivered spans were lost: the journal could not be written',
    ]);
  });
});
