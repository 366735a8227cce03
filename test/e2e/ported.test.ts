import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import * as spoor from '../../src/index.js';
import { expectGolden } from './golden.js';
import { normaliseSessions } from './normalise.js';
import { nodeBinaries, ROOT } from './run-agent.js';
import { runNode, type ProgramRun } from './run-example.js';
import { shownSessions, withTranslator } from './translated.js';
import { readWrittenFiles } from './written-files.js';

provideLateModules();

interface Guide {
  readonly name: string;
  readonly spans: number;
  readonly stdout: string;
}

/** The guides of other SDKs, as `examples/ported` has them. */
const GUIDES: readonly Guide[] = [
  { name: 'sessions-guide', spans: 15, stdout: '' },
  { name: 'steps-guide', spans: 8, stdout: '' },
  {
    name: 'reviews-guide',
    spans: 5,
    stdout: '1 of 2\nParse the CSV and give the top 5 rows false\n',
  },
  { name: 'decorators-guide', spans: 15, stdout: "done\none word after the other\n[ 'add' ]\n" },
];

/** Snippets of the guides that need what spoor does not have yet. */
const NOT_YET: readonly { snippet: string; missing: string }[] = [
  { snippet: 'Lucidic: a prompt by name, label and variables', missing: 'getPrompt' },
  { snippet: 'Lucidic: how long a prompt is kept', missing: 'getPrompt' },
  { snippet: 'Reflect: a trace with its trajectory and the memories that were used', missing: 'createTrace' },
  { snippet: 'Reflect: a review in the trace, and its state of ingestion', missing: 'createTrace' },
  { snippet: 'Reflect: waiting for the ingestion', missing: 'waitForTrace' },
  { snippet: 'Reflect: creating and waiting in one call', missing: 'createTraceAndWait' },
  { snippet: 'Reflect: the memory that a review created', missing: 'reviewTrace' },
  { snippet: 'Reflect: traces by the state of their review', missing: 'listTraces' },
  { snippet: 'FluxLoop: an experiment from a file', missing: 'spoor run' },
  { snippet: 'FluxLoop: parsing and evaluating an experiment', missing: 'spoor parse, spoor evaluate' },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-ported-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runGuide(file: string, name: string, node: string, to: string, url: string): Promise<ProgramRun> {
  return runNode(['--import', 'spoor/register', file], {
    node,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_SERVICE_NAME: name,
      SPOOR_URL: url,
      SPOOR_BASE_PATH: join(to, 'traces'),
      SPOOR_RECORDING_FILE: join(to, 'args.jsonl'),
    },
  });
}

/** The same program with the keys of its options as Python has them: `eval_score` for `evalScore`. */
function inSnakeCase(name: string): string {
  const text = readFileSync(join(ROOT, `dist/.examples/ported/${name}.js`), 'utf8');
  const renamed = text.replaceAll(/\b[a-z]+(?:[A-Z][a-z]+)+(?=:)/g, (key) =>
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  );
  expect(renamed).not.toBe(text);
  mkdirSync(join(ROOT, 'dist/.e2e'), { recursive: true });
  const file = `dist/.e2e/${name}-in-snake-case.js`;
  writeFileSync(join(ROOT, file), renamed);
  return file;
}

describe.each(nodeBinaries())('on Node $version', ({ path: node, version }) => {
  it.each(GUIDES)('$name leaves what the reviewed files say', async ({ name, spans, stdout }) => {
    const to = join(folder, version, name);
    const { sent, found } = await withTranslator(
      spans,
      (url) => runGuide(`dist/.examples/ported/${name}.js`, name, node, to, url),
      shownSessions,
    );
    expect(sent).toEqual({ code: 0, stdout, stderr: '' });
    expectGolden(`${name}.json`, normaliseSessions(found, 'content'));
    const written = readWrittenFiles(to);
    if (name === 'decorators-guide') expectGolden(`${name}.files.json`, written);
    else expect(written).toEqual({});
  });
});

describe('with the names of the Python SDKs', () => {
  it.each(GUIDES.filter(({ name }) => /sessions|steps/.test(name)))(
    '$name leaves the same',
    async ({ name, spans, stdout }) => {
      const file = inSnakeCase(name);
      const { sent, found } = await withTranslator(
        spans,
        (url) => runGuide(file, name, process.execPath, join(folder, 'snake', name), url),
        shownSessions,
      );
      expect(sent).toEqual({ code: 0, stdout, stderr: '' });
      expectGolden(`${name}.json`, normaliseSessions(found, 'content'));
    },
  );
});

describe('snippets of the guides that cannot be ported yet', () => {
  it('need what is still not exported', () => {
    const exported = [...Object.keys(spoor), ...Object.getOwnPropertyNames(spoor.SpoorClient.prototype)];
    expect(exported).toContain('startSession');
    expect(NOT_YET.filter(({ missing }) => exported.includes(missing))).toEqual([]);
  });

  for (const { snippet, missing } of NOT_YET) it.skip(`${snippet}: there is no ${missing} yet`);
});
