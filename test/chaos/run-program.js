import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

let count = 0;

/** A journal of its own for one run. */
export function newJournal(scratch) {
  const folder = join(scratch, 'journals', `${process.pid}-${(count += 1)}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Runs the program to its end. `signal` is sent when it says that it is ready, `killAfterMs` from its first word on.
 * Resolves to the names of the spans that it ended, and how it ended.
 */
export async function runProgram({ scratch, env, signal, killAfterMs }) {
  const child = spawn(process.execPath, ['--import', 'spoor/register', join(scratch, 'program.mjs')], {
    cwd: scratch,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: scratch, SPOOR_DEBUG: 'true', ...env },
  });
  let output = '';
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  child.stdout.on('data', (text) => {
    if (output === '' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    output += text;
    if (signal !== undefined && output.endsWith('ready\n')) child.kill(signal);
  });
  const started = performance.now();
  const [code, endedBy] = await new Promise((resolve) => child.on('close', (...end) => resolve(end)));
  const lines = output.split('\n').slice(0, -1);
  const ended = lines.filter((line) => line.startsWith('work '));
  return { ended, code, endedBy, said, ms: performance.now() - started };
}

/** Names of the spans that were put aside because the receiver refused them. */
export function refusedSpans(journal) {
  return segmentTexts(join(journal, 'refused')).flatMap((text) =>
    [...text.matchAll(/"name":"(work [^"]+)"/g)].map(([, name]) => name),
  );
}

/** What still lies in the journal: files that are no note of a loss. */
export function segmentsLeft(journal) {
  return readdirSync(journal).filter((name) => name.includes('.jsonl'));
}

function segmentTexts(folder) {
  try {
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isFile() ? [readFileSync(path, 'utf8')] : [];
    });
  } catch {
    return [];
  }
}

/** `spoor flush`, as a user runs it. */
export async function flush({ scratch, env }) {
  const cli = join(scratch, 'node_modules/spoor/dist/src/cli/main.js');
  const child = spawn(process.execPath, [cli, 'flush', '--json', '--timeout', '20'], {
    cwd: scratch,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, HOME: scratch, ...env },
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(output);
}
