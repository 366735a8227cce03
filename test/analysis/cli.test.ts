import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StuckReport } from '../../semconv/model/finding.js';
import { WorkflowGraph } from '../../semconv/model/graph.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { openDataDir } from '../../src/server/data-dir.js';
import { runCli } from '../cli/run-cli.js';
import { span } from '../store/spans.js';

function steps(session: string, trace: number, actions: readonly string[]): SpanRecord[] {
  return actions.map((action, index) =>
    span({
      name: 'step',
      scope: 'spoor',
      trace,
      id: trace * 16 + index,
      start: index * 10,
      attributes: {
        'session.id': session,
        'spoor.session.tags': ['nightly'],
        'spoor.step.id': `${session}-${index}`,
        'spoor.step.index': index,
        'spoor.step.state': action === 'ask' ? 'one hint \u001B[31m' : 'nothing known',
        'spoor.step.action': action,
      },
    }),
  );
}

/** A data folder with two sessions: one asks the same three times. */
async function makeData(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-graph-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = await openDataDir(folder, { readOnly: false });
  await store.append([...steps('s1', 1, ['find', 'ask', 'ask', 'ask']), ...steps('s2', 2, ['find', 'ask'])]);
  await store.close();
  return folder;
}

test('spoor graph shows a session, or many, in each form', async () => {
  const data = await makeData();
  const run = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await runCli(['graph', ...args, '--data', data]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out;
  };
  expect(await run('s1')).toBe(`\
1 session · 4 steps · 2 states · 2 edges

● n1 nothing known  10 ms
└─→ n2 one hint  find
○ n2 one hint  ×3 · 30 ms · repeated
└─↻ n2 one hint ×2  ask
`);
  expect(WorkflowGraph.parse(JSON.parse(await run('--merge', '--json')))).toMatchObject({
    sessions: 2,
    steps: 6,
  });
  expect(await run('s1', '--mermaid')).toMatch(/^flowchart TD\n {2}n1\(\["nothing known/);
  expect(await run('s1', '--dot')).toMatch(/^digraph workflow \{/);
  expect(await run('s1', '--svg')).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
});

test('spoor stuck says what went in circles, and can fail for it', async () => {
  const data = await makeData();
  const { code, out } = await runCli(['stuck', 's1', '--data', data, '--exit-code']);
  expect(code).toBe(1);
  expect(out).toBe(`\
exact-retry  "ask" was done 3 times in the same state with the same outcome.
  from move 1 to 3: 3 steps, 30 ms
  first repeated s1-2 of s1-1 s1-2 s1-3
4 steps · 2 states · 2 repeated · 2.0 steps a state · longest stay 3 · 75 % spe…
`);
  const json = await runCli(['stuck', 's2', '--data', data, '--json', '--exit-code']);
  expect(json.code).toBe(0);
  expect(StuckReport.parse(JSON.parse(json.out)).findings).toEqual([]);
  const many = await runCli(['stuck', '--merge', '--data', data]);
  expect(many.out).toContain('2 sessions, 1 of them stuck somewhere.');
});

test('wrong use is refused', async () => {
  const data = await makeData();
  const codes = await Promise.all(
    [
      ['graph', 's1', '--merge'],
      ['graph', 's1', '--dot', '--svg'],
      ['graph', '--tag', 'nobody'],
    ].map(async (args) => (await runCli([...args, '--data', data])).err.split('\n').at(-2)?.trim()),
  );
  expect(codes).toEqual(['SPOOR_USAGE', 'SPOOR_USAGE', 'SPOOR_NOT_FOUND']);
});
