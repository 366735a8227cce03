import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { traceRequestJson, type SpanFields } from '../server/otlp-payloads.js';
import { post, runTranslator } from '../server/running.js';
import { runCli } from './run-cli.js';

const CALL: SpanFields = {
  name: 'chat gpt-4o',
  attributes: { 'session.id': 'run-1', 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' },
};
const SESSION: SpanFields = {
  name: 'session buyer',
  spanId: 'd'.repeat(16),
  scope: 'spoor',
  attributes: { 'session.id': 'run-2', 'spoor.session.eval': 'B+', 'spoor.session.eval_reason': 'slow' },
};

async function translator(...spans: SpanFields[]): Promise<(...args: string[]) => ReturnType<typeof runCli>> {
  const { url } = await runTranslator();
  await post(`${url}/v1/traces`, traceRequestJson(...spans));
  return (...args) => runCli(args, { env: { SPOOR_URL: url } });
}

async function rubricFile(content: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-rubric-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'rubric.json');
  await writeFile(path, JSON.stringify(content));
  return path;
}

describe('spoor score', () => {
  test('judges by the default rubric', async () => {
    const cli = await translator(CALL);
    const { out, err } = await cli('score', 'run-1');
    expect(err).toBe('');
    expect(out.split('\n')).toEqual([
      'default 1',
      '  completed  1      it ended with an answer (heuristic)',
      '  errors     1      no errors (heuristic)',
      '  stuck      1      it did not go in circles (heuristic)',
      '  not judged: tools, repeated-work, latency, cost',
      '',
    ]);
  });

  test('says what the program said itself in place of it', async () => {
    const cli = await translator(SESSION);
    expect((await cli('score', 'run-2')).out.split('\n')[0]).toBe('eval B+, slow');
    expect((await cli('score', 'run-2', '--rubric', 'default')).out).toMatch(/^default 1/);
  });

  test('keeps scores, which come back with the session', async () => {
    const cli = await translator(CALL);
    await cli('score', 'run-1', '--send');
    const own = await cli(
      'score',
      'run-1',
      '--name',
      'helpful',
      '--value',
      '0.5',
      '--explanation',
      'half of it',
    );
    expect(own.out).toBe('helpful is 0.5 for run-1.\n');
    const shown = JSON.parse((await cli('show', 'run-1', '--json')).out) as {
      observations: { scores?: { name: string; value: unknown; source: string; version?: string }[] }[];
    };
    const scores = shown.observations.flatMap(({ scores: said = [] }) => said);
    expect(scores.map(({ name, value, source, version }) => [name, value, source, version])).toEqual(
      expect.arrayContaining([
        ['default', 1, 'heuristic', '1'],
        ['completed', 1, 'heuristic', '1'],
        ['helpful', 0.5, 'human', undefined],
      ]),
    );
  });

  test('takes a rubric of your own, and the scores that people gave', async () => {
    const path = await rubricFile({
      name: 'gate',
      kind: 'pass-fail',
      criteria: [{ name: 'completed', heuristic: 'completed' }, { name: 'polite' }],
    });
    const cli = await translator(CALL);
    const { out } = await cli('score', 'run-1', '--rubric', path, '--json');
    expect(JSON.parse(out)).toMatchObject([{ sessionId: 'run-1', unjudged: ['polite'] }]);
  });

  test('says what is wrong with a rubric', async () => {
    const path = await rubricFile({ name: 'gate', kind: 'gut', criteria: [] });
    const cli = await translator(CALL);
    const { code, err } = await cli('score', 'run-1', '--rubric', path);
    expect(code).not.toBe(0);
    expect(err).toMatch(/kind/);
  });
});
