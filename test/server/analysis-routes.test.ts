import { expect, test } from 'vitest';
import { StuckReport } from '../../semconv/model/finding.js';
import { WorkflowGraph } from '../../semconv/model/graph.js';
import { encodeTraceRequestJson } from '../../src/otlp/encode-json.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { span } from '../store/spans.js';
import { post, runTranslator } from './running.js';

/** Steps of a session that asks the same three times. */
function steps(session: string, trace: number): SpanRecord[] {
  return ['find', 'ask', 'ask', 'ask'].map((action, index) =>
    span({
      name: 'step',
      scope: 'spoor',
      trace,
      id: trace * 16 + index,
      start: index * 10,
      attributes: {
        'session.id': session,
        'spoor.step.id': `${session}-${index}`,
        'spoor.step.index': index,
        'spoor.step.state': action === 'find' ? 'nothing known' : 'one hint',
        'spoor.step.action': action,
      },
    }),
  );
}

test('gives the graph of a session, of many, and what is stuck, in the shapes of the model', async () => {
  const { url } = await runTranslator();
  await post(
    `${url}/v1/traces`,
    JSON.stringify(encodeTraceRequestJson([...steps('s1', 1), ...steps('s2', 2)])),
  );
  const get = async (path: string): Promise<unknown> => (await fetch(url + path)).json();

  const one = WorkflowGraph.parse(await get('/api/sessions/s1/graph'));
  expect(one.edges.map(({ id, kind, count }) => [id, kind, count])).toEqual([
    ['n1>n2', 'forward', 1],
    ['n2>n2', 'self', 2],
  ]);
  const many = WorkflowGraph.parse(await get('/api/graph'));
  expect([many.sessions, many.nodes.map(({ visits }) => visits)]).toEqual([2, [2, 6]]);
  expect(WorkflowGraph.parse(await get('/api/graph?limit=1&top=1'))).toMatchObject({
    sessions: 1,
    leftOut: { nodes: 1 },
  });
  const stuck = StuckReport.parse(await get('/api/sessions/s2/stuck'));
  expect(stuck.findings.map(({ rule, stepIds }) => [rule, stepIds])).toEqual([
    ['exact-retry', ['s2-1', 's2-2', 's2-3']],
  ]);
});

test('refuses what it cannot use', async () => {
  const { url } = await runTranslator();
  const status = async (path: string): Promise<number> => (await fetch(url + path)).status;
  expect(
    await Promise.all(
      [
        '/api/sessions/none/graph',
        '/api/sessions/none/stuck',
        '/api/graph?top=0',
        '/api/graph?similarity=2',
        '/api/graph?x=1',
      ].map(status),
    ),
  ).toEqual([404, 404, 400, 400, 400]);
  expect(await status('/api/graph?tag=nobody')).toBe(200);
});
