import { availableParallelism } from 'node:os';
import { installNodes } from '../contracts/nodes.js';
import { PREPARE } from './prepare.js';
import { installApp, packSpoor } from './install-app.js';
import { judgeRow } from './judge-row.js';
import { ROWS } from './rows.js';
import { runApp } from './run-app.js';
import { findRuntime } from './runtimes.js';

const SESSION = { SPOOR_SESSION: 'joined' };

/** Runs the rows, prints the table, and counts. */
export async function runJoining({ sample = false, only }) {
  const nodes = installNodes();
  const current = nodes.find(({ path }) => path === process.execPath);
  const tarball = packSpoor();
  const rows = ROWS.filter((row) => (!sample || row.sample) && isWanted(row, only));
  const queue = [];
  for (const app of new Set(rows.map((row) => row.app))) {
    const { folder, fault } = await prepared(app, tarball);
    for (const row of rows.filter((candidate) => candidate.app === app)) {
      if (row.runtime !== undefined) {
        queue.push(runtimeCell(row, folder, fault));
        continue;
      }
      const on = sample ? [current] : nodes;
      for (const node of on) queue.push({ row, node, folder, fault });
    }
  }
  const results = [];
  await inParallel(queue, async (cell) => {
    const result = await runCell(cell);
    results.push(result);
    console.log(lineOf(result));
  });
  const table = tableOf(results);
  console.log(`\n${table}\n`);
  const count = (state) => results.filter((result) => result.state === state).length;
  return { table, passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

function isWanted(row, only) {
  return only === undefined || `${row.app}: ${row.title}`.includes(only);
}

/** Installs an app and builds what it is run from. */
async function prepared(app, tarball) {
  const { folder, fault } = await installApp(app, tarball);
  if (fault !== undefined || PREPARE[app] === undefined) return { folder, fault };
  try {
    await PREPARE[app](folder);
    return { folder, fault };
  } catch (error) {
    return { folder, fault: `the build failed: ${String(error)}` };
  }
}

/** A runtime that npm has no package of for this machine is no fault of ours. */
function runtimeCell(row, folder, fault) {
  const node = fault === undefined ? findRuntime(row.runtime, folder) : undefined;
  const reason =
    node === undefined ? `${row.runtime} cannot be installed here: ${fault ?? 'no binary'}` : row.not;
  return { row, node: node ?? { version: row.runtime }, folder, reason };
}

async function runCell({ row, node, folder, fault, reason: given }) {
  const cell = { row, node };
  if (fault !== undefined) return { ...cell, state: 'failed', notes: [fault] };
  const reason = given ?? reasonToSkip(row, node);
  if (reason !== undefined) return { ...cell, state: 'skipped', notes: [reason] };
  try {
    const program = { command: node.path, folder };
    const bare = await runApp({ ...program, args: row.bare, env: { ...row.always, ...row.without } });
    const run = await runApp({
      ...program,
      args: row.args ?? row.bare,
      env: { ...SESSION, ...row.always, ...row.env },
      expectSpans: row.target.length,
    });
    const notes = judgeRow(row, bare, run);
    return { ...cell, state: notes.length === 0 ? 'passed' : 'failed', notes };
  } catch (error) {
    return { ...cell, state: 'failed', notes: [error instanceof Error ? error.stack : String(error)] };
  }
}

function reasonToSkip({ since = 20 }, node) {
  return node.major < since ? `its packages ask for Node ${since}` : undefined;
}

function lineOf({ row, node, state, notes }) {
  const note = notes.length === 0 ? '' : `\n    ${notes.join('\n    ')}`;
  const runtime = row.runtime === undefined ? `Node ${node.version}` : node.version;
  return `${state.padEnd(7)} ${runtime} ${row.app}: ${row.title}${note}`;
}

/** App × runtime × result, as Markdown. */
function tableOf(results) {
  const versions = [...new Set(results.map(({ node }) => node.version))].toSorted(byText);
  const lines = [
    `| app | how | ${versions.join(' | ')} |`,
    `| --- | --- | ${versions.map(() => '---').join(' | ')} |`,
  ];
  for (const row of ROWS.filter((candidate) => results.some((result) => result.row === candidate))) {
    const cells = versions.map(
      (version) => results.find((one) => one.row === row && one.node.version === version)?.state ?? '',
    );
    lines.push(`| ${row.app} | ${row.title} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

function byText(left, right) {
  return left < right ? -1 : 1;
}

/** As many at a time as there are cores: most of a run is waiting. */
async function inParallel(queue, work) {
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
