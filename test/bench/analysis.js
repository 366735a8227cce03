/**
 * How long graphs, detectors and layouts take, the layouts beside dagre and ELK; each figure with its bound:
 *
 *   npm run bench -- --analysis [--quick]
 *
 * Processor time, median of the rounds, in a process that has warmed up. `--quick` leaves the other libraries out. Writes
 * `test/bench/ANALYSIS.md` unless quick; ends with 1 when a bound is passed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildGraph } from '../../dist/src/analysis/graph/build-graph.js';
import { createGraphBuilder } from '../../dist/src/analysis/graph/graph-builder.js';
import { layoutGraph } from '../../dist/src/analysis/layout/layout-graph.js';
import { readMoves } from '../../dist/src/analysis/moves/read-moves.js';
import { findStuck } from '../../dist/src/analysis/stuck/find-stuck.js';
import { createStuckAnalyzer } from '../../dist/src/analysis/stuck/stuck-analyzer.js';
import { freshMoves } from '../analysis/planted/fresh-moves.js';
import { createRandom } from '../analysis/planted/random.js';
import { toRecords } from '../analysis/planted/trajectory.js';
import { median } from './interleave.js';
import { loadRivals } from './layout/rivals.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PAGE = path.join(HERE, 'ANALYSIS.md');
const isQuick = process.argv.includes('--quick');
const ROUNDS = isQuick ? 3 : 7;
const STEPS = 10_000;
/** A rival that took longer than this is not asked for the next larger graph. */
const PATIENCE_MS = 3000;

/** Milliseconds of the processor, median of the rounds after one that does not count. */
async function timed(run, rounds = ROUNDS) {
  const times = [];
  for (let round = 0; round <= rounds; round += 1) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    if (round > 0 || rounds === 0) times.push((user + system) / 1000);
  }
  return median(times);
}

/** A long session: some states come again, most do not, and there are loops in it. */
function longSession(share) {
  const random = createRandom(11);
  const known = freshMoves(random, 40);
  const moves = [];
  while (moves.length < STEPS) {
    if (random.next() < share) moves.push(...freshMoves(random, 1));
    else moves.push(random.pick(known));
  }
  return toRecords('long', moves);
}

/** A chain with jumps: `near` ones lead a few steps on or back, others anywhere. */
function randomGraph(nodes, edges, isNear) {
  const random = createRandom(7);
  const boxes = Array.from({ length: nodes }, (_, at) => ({ id: `n${at}`, width: 120, height: 48 }));
  const pairs = new Map();
  const add = (from, to) =>
    pairs.set(`${from}>${to}`, {
      id: `${from}>${to}`,
      from: `n${from}`,
      to: `n${to}`,
      label: { width: 80, height: 16 },
    });
  for (let at = 1; at < nodes; at += 1) add(at - 1, at);
  while (pairs.size < edges) {
    const from = random.below(nodes);
    const to = isNear
      ? Math.max(0, Math.min(nodes - 1, from + random.between(-10, 10)))
      : random.below(nodes);
    add(from, to);
  }
  return { nodes: boxes, edges: [...pairs.values()] };
}

async function benchAnalysis() {
  const rows = [];
  for (const [what, share] of [
    ['40 states', 0],
    ['5,000 states', 0.5],
    ['10,000 states', 1],
  ]) {
    const records = longSession(share);
    rows.push({
      name: `graph of 10,000 steps, ${what}`,
      ms: await timed(() => buildGraph([records])),
      bound: 1000,
    });
    rows.push({
      name: `stuck in 10,000 steps, ${what}`,
      ms: await timed(() => findStuck(records)),
      bound: 1000,
    });
    const moves = readMoves(records);
    rows.push(appended(`append to a graph of 10,000 steps, ${what}`, moves, createGraphBuilder()));
    rows.push(
      appended(`append to detectors after 10,000 steps, ${what}`, moves, createStuckAnalyzer('long')),
    );
  }
  return rows;
}

/** The mean of the last thousand: one alone is too short to time. */
function appended(name, moves, target) {
  const last = moves.length - 1000;
  for (const move of moves.slice(0, last)) target.append(move);
  const start = process.cpuUsage();
  for (const move of moves.slice(last)) target.append(move);
  const { user, system } = process.cpuUsage(start);
  return { name, ms: (user + system) / 1000 / 1000, bound: 1 };
}

async function benchLayouts(rivals) {
  const rows = [];
  const slow = new Set();
  for (const [nodes, edges, bound] of [
    [60, 120],
    [300, 600, 150],
    [1000, 1500],
    [5000, 8000, 2000],
  ]) {
    const isSlow = new Set(slow);
    for (const isNear of [true, false]) {
      const graph = randomGraph(nodes, edges, isNear);
      const row = {
        name: `${nodes} nodes, ${edges} edges, ${isNear ? 'near' : 'far'} jumps`,
        ms: await timed(() => layoutGraph(graph.nodes, graph.edges)),
        bound,
        rivals: {},
      };
      for (const [name, layout] of Object.entries(rivals)) {
        if (isSlow.has(name)) continue;
        try {
          const ms = await timed(() => layout(graph), 0);
          row.rivals[name] = `${ms.toFixed(0)} ms`;
          if (ms > PATIENCE_MS) slow.add(name);
        } catch (error) {
          row.rivals[name] = error instanceof RangeError ? 'stack overflow' : 'failed';
          slow.add(name);
        }
      }
      rows.push(row);
    }
  }
  return rows;
}

function table(head, lines) {
  const rule = head.map(() => '---');
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function figure(ms) {
  return ms < 1 ? `${(ms * 1000).toFixed(0)} µs` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function bounded(ms) {
  return ms === undefined ? '' : figure(ms);
}

function page(analysis, layouts, names) {
  return `# Graphs, detectors, layouts

<!-- Generated by npm run bench -- --analysis. Do not edit. -->

Processor time, median of ${ROUNDS}; the other libraries once, cold, and no larger graph after
one that took them more than ${PATIENCE_MS / 1000} s.

${table(
  ['what', 'spoor', 'bound'],
  analysis.map(({ name, ms, bound: most }) => [name, figure(ms), bounded(most)]),
)}

${table(
  ['layout', 'spoor', 'bound', ...names],
  layouts.map(({ name, ms, bound: most, rivals }) => [
    name,
    figure(ms),
    bounded(most),
    ...names.map((rival) => rivals[rival] ?? 'not tried'),
  ]),
)}

- A graph is a chain with jumps, many of them back, which is hard on layered layouts. ELK is its layered algorithm with orthogonal
  edges. ELK and dagre also place what ours draws as arcs, so that this compares cost, not beauty.
- Machine: ${os.cpus()[0]?.model.trim() ?? os.arch()}, ${os.cpus().length} cores, Node ${process.versions.node}
`;
}

const rivals = isQuick || !existsSync(path.join(HERE, 'layout', 'node_modules')) ? {} : await loadRivals();
const analysis = await benchAnalysis();
const layouts = await benchLayouts(rivals);
const names = Object.keys(rivals);
let [passed, failed] = [0, 0];
for (const { name, ms, bound, rivals: others = {} } of [...analysis, ...layouts]) {
  const beside = Object.entries(others).map(([rival, text]) => `${rival} ${text}`);
  console.log(
    [
      name,
      `${ms.toFixed(ms < 1 ? 3 : 1)} ms`,
      bound === undefined ? '' : `bound ${bound} ms`,
      ...beside,
    ].join('  '),
  );
  if (bound === undefined) continue;
  if (ms < bound) passed += 1;
  else failed += 1;
}
if (!isQuick) {
  writeFileSync(PAGE, page(analysis, layouts, names));
  execFileSync(path.join(HERE, '../../node_modules/.bin/oxfmt'), [PAGE]);
}
if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${names.length === 0 ? 1 : 0} skipped`);
