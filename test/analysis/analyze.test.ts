import { expect, test } from 'vitest';
import { analyze, toMermaid, toSessions } from '../../src/analysis.js';
import { encodeTraceRequestJson } from '../../src/otlp/encode-json.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { span } from '../store/spans.js';

/** An agent of another library, which knows nothing of steps: the same search three times. */
const FOREIGN: SpanRecord[] = [
  span({ id: 1, name: 'agent', attributes: { 'openinference.span.kind': 'AGENT' }, start: 0, end: 100 }),
  ...[2, 3, 4].map((id) =>
    span({
      id,
      parent: 1,
      name: 'search',
      start: id * 10,
      attributes: {
        'openinference.span.kind': 'TOOL',
        'tool.name': 'search',
        'input.value': '{"q":"kettle"}',
        'output.value': 'nothing',
      },
    }),
  ),
];

test("anyone's spans can be analysed, as records or as an OTLP/JSON request", () => {
  const { graph, stuck, motifs } = analyze(FOREIGN);
  expect(analyze(encodeTraceRequestJson(FOREIGN))).toEqual(analyze(FOREIGN));
  expect({ basis: graph.basis, edges: graph.edges.map(({ id, count }) => [id, count]), motifs }).toEqual({
    basis: 'observations',
    edges: [['n1>n1', 2]],
    motifs: [],
  });
  expect(
    stuck.flatMap(({ findings }) => findings.map(({ rule, stepIds }) => [rule, stepIds.length])),
  ).toEqual([['exact-retry', 3]]);
  expect(toMermaid(graph)).toContain('n1 -.->');
});

test('sessions as the API gives them are taken as they are, and nothing gives nothing', () => {
  const sessions = toSessions(FOREIGN);
  expect(analyze(sessions).sessions).toEqual(sessions);
  expect(analyze([])).toMatchObject({ sessions: [], stuck: [], motifs: [], graph: { nodes: [], edges: [] } });
});
