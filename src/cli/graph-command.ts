import type { WorkflowGraph } from '../../semconv/model/graph.js';
import { buildGraph } from '../analysis/graph/build-graph.js';
import { toDot } from '../analysis/render/dot.js';
import { toGraphText } from '../analysis/render/graph-text.js';
import { toMermaid } from '../analysis/render/mermaid.js';
import { toSvg } from '../analysis/render/svg.js';
import { SpoorError } from '../shared/errors.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { MERGE_OPTIONS, analysedSessions } from './merged-sessions.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

const FORMATS = ['mermaid', 'dot', 'svg', 'json'] as const;

/** `spoor graph`: where a session went, or many of them. */
export const graphCommand: Command = {
  name: 'graph',
  summary: 'Show where a session went: its states, the moves between them, loops and dead ends.',
  positionals: ['[session|latest]'],
  options: {
    ...SOURCE_OPTIONS,
    ...MERGE_OPTIONS,
    top: { type: 'string', value: 'count', summary: 'Only the states that were visited most. Default: all.' },
    similarity: {
      type: 'string',
      value: 'percent',
      summary: 'How alike short states must be to be one, 1 to 100. Default: 75.',
    },
    mermaid: { type: 'boolean', summary: 'Print a Mermaid flowchart.' },
    dot: { type: 'boolean', summary: 'Print the DOT language of Graphviz.' },
    svg: { type: 'boolean', summary: 'Print an SVG picture.' },
    json: { type: 'boolean', summary: 'Print the answer of GET /api/sessions/:id/graph.' },
  },
  async run(input, terminal) {
    const formats = FORMATS.filter((name) => input.has(name));
    if (formats.length > 1) throw new SpoorError('SPOOR_USAGE', `Give one of --${formats.join(', --')}.`);
    const { sessions, screenshotHash } = await withTrailSource(input, terminal, (source) =>
      analysedSessions(source, input),
    );
    const similarity = input.number('similarity', 1, 100);
    const maxNodes = input.number('top', 1, 100_000);
    const graph = buildGraph(sessions, {
      screenshotHash,
      ...(similarity === undefined ? {} : { thresholds: { shortSimilarity: similarity / 100 } }),
      ...(maxNodes === undefined ? {} : { maxNodes }),
    });
    terminal.out(printed(graph, input, terminal));
    return 0;
  },
};

function printed(graph: WorkflowGraph, input: CommandInput, { columns }: Terminal): string {
  if (input.has('json')) return `${toSafeJson(graph, 2)}\n`;
  if (input.has('mermaid')) return toMermaid(graph);
  if (input.has('dot')) return toDot(graph);
  if (input.has('svg')) return toSvg(graph);
  return toGraphText(graph, { columns });
}
