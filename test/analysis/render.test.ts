import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../src/analysis/graph/build-graph.js';
import { toDot } from '../../src/analysis/render/dot.js';
import { toGraphText } from '../../src/analysis/render/graph-text.js';
import { toMermaid } from '../../src/analysis/render/mermaid.js';
import { toSvg } from '../../src/analysis/render/svg.js';
import { transitionTable } from '../../src/analysis/render/transition-table.js';
import { makeSession, makeStep } from '../cli/trails.js';

const HOSTILE = [
  '</title></style><script>alert(1)</script>',
  '"]; end; click n1 "javascript:alert(1)"',
  '`${process.exit()}` \\" \\n %%{init}%% #quot; &amp;',
  '\u001B[31mred\u001B[0m \u202Ereversed\u202C \u0000\u0007 \uD800 \uFFFE',
  '界面 👩‍🚀 e\u0301',
  '',
];

function graphOf(states: readonly string[], action = 'go'): ReturnType<typeof buildGraph> {
  const steps = states.map((state, index) =>
    makeStep({ id: `s${index}`, index, stateKey: state || 'empty', state, action }),
  );
  return buildGraph([{ session: makeSession(), steps, observations: [] }]);
}

/** As an XML parser without a DOM would see it: tags that close in order, and no bare sign in texts. */
function tagsOf(svg: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [whole, close, name = '', , self] of svg.matchAll(/<(\/?)([a-zA-Z]+)((?:\s[^<>]*?)?)(\/?)>/g)) {
    if (whole.startsWith('<') && close === '/') expect(open.pop()).toBe(name);
    else if (self !== '/') open.push(name);
    if (close === '') seen.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<\/?[a-zA-Z]+(?:\s[^<>]*?)?\/?>/g, '')).not.toMatch(/[<]/);
  return seen;
}

describe('whatever a trace says', () => {
  const graph = graphOf(HOSTILE, HOSTILE.join(' '));

  test('an SVG holds no other element than its own, and loads nothing', () => {
    const svg = toSvg(graph);
    expect(new Set(tagsOf(svg))).toEqual(
      new Set(['svg', 'title', 'style', 'defs', 'marker', 'path', 'rect', 'g', 'text']),
    );
    expect(svg).not.toMatch(/href|url\((?!#arrow)|@import|on\w+=/);
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(svg).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u202A-\u202E\uFFFE\uFFFF]|\p{Cs}/u);
  });

  test('Mermaid gets each text as entities', () => {
    const lines = toMermaid(graph).trim().split('\n');
    expect(lines[0]).toBe('flowchart TD');
    for (const line of lines.slice(1)) {
      expect(line).toMatch(
        /^ {2}(?:n\d+(?:\(\["[^"`\\<]*(?:<br\/>)?[^"`\\<]*"\]\)|\["[^"`\\<]*(?:<br\/>)?[^"`\\<]*"\])(?::::\w+)?|n\d+ -\.?->(?:\|"[^"`\\<]*"\|)? n\d+|classDef [\w ,:#-]+)$/,
      );
    }
  });

  test('DOT gets each text as one quoted string', () => {
    for (const line of toDot(graph).trim().split('\n').slice(4, -1)) {
      expect(line).toMatch(
        /^ {2}n\d+(?: -> n\d+)? \[label="(?:[^"\\]|\\["\\n])*"(?:, [a-z]+=(?:\w+|"[\w,#]+"))*\];$/,
      );
    }
  });

  test('a terminal gets lines without anything that acts on it', () => {
    const text = toGraphText(graph, { columns: 60 });
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
  });
});

test('the text for a terminal shows states, branches and loops', () => {
  expect(toGraphText(graphOf(['a', 'b', 'b', 'c', 'b', 'd']), { columns: 60 })).toBe(`\
1 session · 6 steps · 4 states · 5 edges

● n1 a  1.0 s
└─→ n2 b  go
○ n2 b  ×3 · 3.0 s · repeated
├─ 33 % ↻ n2 b  go
├─ 33 % → n3 c  go
└─ 33 % → n4 d  go
○ n3 c  1.0 s
└─↩ n2 b  go
○ n4 d  1.0 s
`);
});

test('an SVG is the same each time, and says what it is to a screen reader', () => {
  const graph = graphOf(['a', 'b', 'a']);
  expect(toSvg(graph)).toBe(toSvg(graph));
  expect(toSvg(graph)).toContain('role="img" aria-label="3 steps of 1 session in 2 states"');
});

test('a table says the same without a picture', () => {
  expect(transitionTable(graphOf(['a', 'b', 'b', 'b']))).toEqual([
    { from: 'b', action: 'go', to: 'b', kind: 'self', count: 2, share: 1 },
    { from: 'a', action: 'go', to: 'b', kind: 'forward', count: 1, share: 1 },
  ]);
});

test('what the browser is to load knows nothing of Node', async () => {
  const { readModules } = await import('../architecture/modules.js');
  const modules = await readModules(['src/analysis/layout', 'src/analysis/render', 'src/analysis/graph/']);
  expect(modules.length).toBeGreaterThan(15);
  expect(modules.flatMap(({ imports }) => imports.filter(({ external }) => external))).toEqual([]);
});
