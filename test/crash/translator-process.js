import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** `spoor serve` as a process of its own. Resolves when it listens; rejects when it ends before. */
export async function startProcess({ cli, dataDir, port = 0, args = [], nodeArgs = [], env = {} }) {
  const child = spawn(
    process.execPath,
    [
      ...nodeArgs,
      join(cli, 'src/cli/main.js'),
      'serve',
      '--data',
      dataDir,
      '--port',
      String(port),
      '--json',
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: dataDir, ...env } },
  );
  const said = { text: '' };
  child.stderr.on('data', (text) => (said.text = (said.text + text).slice(-20_000)));
  const ended = new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  let output = '';
  const listening = new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      output += text;
      if (output.endsWith('\n')) resolve(JSON.parse(output));
    });
    void ended.then(({ code, signal }) => reject(new Error(`ended by ${signal ?? code}: ${said.text}`)));
  });
  // One that is killed while it starts is waited for by nobody.
  listening.catch(() => undefined);
  return {
    child,
    said,
    ended,
    listening,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      return ended;
    },
  };
}
