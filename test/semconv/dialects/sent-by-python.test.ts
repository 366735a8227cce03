import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord, SpanRecord } from '../../../src/otlp/records.js';
import { foldSessions } from '../../../src/translate/fold-sessions.js';
import { withLogs } from '../../../src/translate/log-events.js';
import { rewriteSpan, writableDialect } from '../../../src/translate/rewrite-span.js';
import { translateSpan } from '../../../src/translate/translate-span.js';

type Calls = Record<string, { spans: SpanRecord[]; logs: LogRecord[] }>;
interface Check {
  call: string;
  target?: string;
  fields: Record<string, string[] | undefined>;
}
/** What runs the emitters has no types. */
interface Judge {
  EXPECTATIONS: Record<string, object>;
  checkEmitter(expectation: object | undefined, calls: Calls, kit: object): Check[];
  readSent(path: string): Calls;
}

const EMITTERS = new URL('../../emitters/', import.meta.url);
const FOLDER = fileURLToPath(new URL('sent/', EMITTERS));
const NAMES = existsSync(FOLDER) ? readdirSync(FOLDER).map((file) => file.replace(/\.jsonl$/, '')) : [];
const KIT = {
  targets: ['otel-genai', 'openinference', 'openllmetry', 'langfuse'],
  foldSessions,
  rewriteSpan,
  translateSpan,
  withLogs,
  writableDialect,
};

/** Recorded by `npm run dialects -- --only=py- --keep=test/emitters/sent`, so that no Python is needed here. */
describe('what libraries of Python send', () => {
  let judge: Judge;
  beforeAll(async () => {
    const files = ['check-emitter.js', 'expectations.js', 'sent.js'];
    const modules = await Promise.all(files.map((file) => import(new URL(file, EMITTERS).href)));
    judge = Object.assign({}, ...modules) as Judge;
  });

  test('was recorded of every one of them', () => {
    const run = Object.keys(judge.EXPECTATIONS).filter((name) => name.startsWith('py-'));
    expect(NAMES.toSorted()).toEqual(run.toSorted());
    expect(NAMES.length).toBeGreaterThan(10);
  });

  test.each(NAMES)('%s is read as it was, and again after it was written in other dialects', (name) => {
    const calls = judge.readSent(`${FOLDER}${name}.jsonl`);
    const checks = judge.checkEmitter(judge.EXPECTATIONS[name], calls, KIT);
    expect(checks.length).toBeGreaterThan(10);
    const faults = checks.flatMap(({ fields }) => Object.values(fields).flatMap((some) => some ?? []));
    expect(faults).toEqual([]);
  });
});
