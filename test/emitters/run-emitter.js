/** Runs one emitter in a process of its own against a scripted provider, and gives what it sent, call by call. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startReceiver } from './receiver.js';
import { answerTo, TRUTH } from './truth.js';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
const LIMIT_MS = 120_000;

/**
 * `kit` has what the built package gives: decoders and the scripted provider; `python` the interpreter with the libraries.
 * The spans and log records of a call are those that arrived before its end was told.
 */
export async function runEmitter(name, { kit, python }) {
  const server = await kit.startLlmServer({ respond: answerTo });
  const receiver = await startReceiver(kit);
  const urls = [receiver.url, server.openaiBaseUrl, server.anthropicBaseUrl];
  const [command, program] = name.startsWith('py-')
    ? [python, join(FOLDER, 'python/child.py')]
    : [process.execPath, join(FOLDER, 'child/child.mjs')];
  const child = spawn(command, [program, name, ...urls], {
    stdio: 'pipe',
    env: {
      PATH: process.env.PATH,
      NODE_NO_WARNINGS: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      EMITTERS_TRUTH: JSON.stringify(TRUTH),
    },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const ended = once(child, 'close');
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (words += text));
  const calls = {};
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{"call"')) continue;
      const { call, outcome } = JSON.parse(line);
      calls[call] = { outcome, ...receiver.take() };
      child.stdin.write('\n');
    }
    const [code] = await ended;
    if (code !== 0) throw new Error(`ended with ${code}: ${words.trim().slice(-800)}`);
    return { calls };
  } catch (error) {
    return { calls, fault: error.message };
  } finally {
    clearTimeout(timer);
    await receiver.close();
    await server.close();
  }
}

/** Once: what is there in the locked versions is used again. Optional dependencies are large, and none of them is called. */
export function installPackages(folder) {
  const { dependencies } = readJson(join(folder, 'package.json'));
  const wanted = readJson(join(folder, 'package-lock.json')).packages;
  const isComplete = Object.keys(dependencies).every((name) => {
    const manifest = join(folder, 'node_modules', name, 'package.json');
    return existsSync(manifest) && readJson(manifest).version === wanted[`node_modules/${name}`].version;
  });
  if (isComplete) return;
  execFileSync('npm', ['ci', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: folder,
    stdio: 'inherit',
  });
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
