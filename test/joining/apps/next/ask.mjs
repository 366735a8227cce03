// Starts the standalone server, asks it once, and ends it as a platform does.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const probe = createServer();
await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
const { port } = probe.address();
await new Promise((resolve) => probe.close(resolve));

const server = spawn(process.execPath, ['server.js'], {
  cwd: new URL('.next/standalone/', import.meta.url),
  env: { ...process.env, PORT: String(port), HOSTNAME: '127.0.0.1' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => server.on('exit', (code, signal) => resolve(code ?? signal)));
await new Promise((resolve) => {
  server.stdout.on('data', (text) => String(text).includes('Ready') && resolve());
});
const response = await fetch(`http://127.0.0.1:${port}/ask`);
console.log(response.status, await response.text());
server.kill('SIGTERM');
console.log(await ended);
