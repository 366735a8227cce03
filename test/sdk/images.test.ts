import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createInstalledApp, type InstalledApp, type RunResult } from '../support/installed-app.js';
import { GIF, hashOf, PNG, referenceOf } from '../support/images.js';
import { startOtlpSink } from '../support/otlp-sink.js';
import { runTranslator } from '../server/running.js';

let app: InstalledApp;
beforeAll(() => {
  app = createInstalledApp();
});
afterAll(() => app.remove());
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const SHOTS = `
const png = Buffer.from('${PNG.toString('base64')}', 'base64');
const shoot = () => withSession({ id: 's', name: 'browse' }, () => {
  createStep({ name: 'look', screenshot: png, screenshots: ['${GIF.toString('base64')}'] }).end();
  createStep({ name: 'again', screenshot: png }).end();
});
`;

function run(body: string, env: Record<string, string> = {}): Promise<RunResult> {
  app.write('app.mjs', `import { createStep, init, withSession } from 'spoor';\n${SHOTS}\n${body}`);
  return app.run('app.mjs', { nodeArgs: [], env: { SPOOR_DEBUG: '1', ...env } });
}

interface Request {
  method: string;
  path: string;
  body: Buffer;
  headers: Record<string, unknown>;
}

/** A receiver that says that it takes images, and answers what it is told to. */
async function startReceiver(
  answers: (number | 'hang')[],
  said = '10000000',
): Promise<{ url: string; requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { method = '', url = '', headers } = req;
      requests.push({ method, path: url, body: Buffer.concat(chunks), headers });
      const answer = method === 'PUT' ? (answers.shift() ?? 201) : 200;
      if (answer !== 'hang') res.writeHead(answer, { 'spoor-blobs': said, 'retry-after': '0' }).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

describe('images on their way to a translator', () => {
  it('arrive with the spans, each once, and records refer to them', async () => {
    const translator = await runTranslator();
    const result = await run(`
      const spoor = init({ endpoint: '${translator.url}' });
      shoot();
      console.log(JSON.stringify((await spoor.flush()).blobs));`);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(JSON.parse(result.stdout)).toEqual({ delivered: 2, dropped: 0, rejected: 0, pending: 0 });
    expect((await translator.store.blobs.get(hashOf(PNG)))?.type.mediaType).toBe('image/png');
    expect((await translator.store.blobs.get(hashOf(GIF)))?.type.mediaType).toBe('image/gif');
    const steps = await translator.store.steps('s');
    expect(steps.map(({ screenshots }) => screenshots)).toEqual([
      [PNG, GIF].map(referenceOf),
      [referenceOf(PNG)],
    ]);
  });

  it('arrive at the end of a program that asks for nothing', async () => {
    const translator = await runTranslator();
    const result = await run(`init({ endpoint: '${translator.url}' }); shoot();`);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(await translator.store.blobs.get(hashOf(GIF))).toBeDefined();
  });

  it('carry the key of the spans, and are tried again when the receiver is busy', async () => {
    const { url, requests } = await startReceiver([503, 429, 201]);
    const result = await run(`
      const spoor = init({ endpoint: '${url}', apiKey: 'k', headers: { 'x-team': 'red' }, debug: false });
      shoot();
      console.log(JSON.stringify((await spoor.flush(8000)).blobs));`);
    expect(JSON.parse(result.stdout)).toEqual({ delivered: 2, dropped: 0, rejected: 0, pending: 0 });
    const puts = requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ path }) => path)).toEqual(
      [PNG, PNG, PNG, GIF].map((bytes) => `/api/blobs/sha256/${hashOf(bytes)}`),
    );
    expect(
      puts.every(({ headers }) => headers['authorization'] === 'Bearer k' && headers['x-team'] === 'red'),
    ).toBe(true);
    expect(puts[3]?.body.equals(GIF)).toBe(true);
  });

  it('are given up when the receiver will never take them', async () => {
    const { url, requests } = await startReceiver([415, 201]);
    const result = await run(`
      const spoor = init({ endpoint: '${url}' });
      shoot();
      console.log(JSON.stringify((await spoor.flush()).blobs));`);
    expect(JSON.parse(result.stdout)).toEqual({ delivered: 1, dropped: 0, rejected: 1, pending: 0 });
    expect(result.stderr).toContain('the receiver refused an image: HTTP 415');
    expect(requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
  });

  it('above its limit are not sent', async () => {
    const { url, requests } = await startReceiver([], String(PNG.length - 1));
    const result = await run(`
      const spoor = init({ endpoint: '${url}' });
      shoot();
      console.log(JSON.stringify((await spoor.flush()).blobs));`);
    expect(JSON.parse(result.stdout)).toEqual({ delivered: 1, dropped: 0, rejected: 1, pending: 0 });
    expect(requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('hold the end of the process no longer than its bound', async () => {
    const { url } = await startReceiver(['hang', 'hang', 'hang']);
    const result = await run(`init({ endpoint: '${url}', shutdownTimeoutMs: 500 }); shoot();`);
    expect(result.code).toBe(0);
    expect(result.ms).toBeLessThan(6000);
    expect(result.stderr).toContain('the process ended with 2 images undelivered');
  });
});

describe('images and a receiver that is no translator', () => {
  it('never meet: the references stay, and what was left out is counted', async () => {
    const sink = await startOtlpSink();
    onTestFinished(() => sink.close());
    const result = await run(`
      const spoor = init({ endpoint: '${sink.url}' });
      shoot();
      console.log(JSON.stringify((await spoor.flush()).blobs));
      shoot();`);
    expect(JSON.parse(result.stdout)).toEqual({ delivered: 0, dropped: 2, rejected: 0, pending: 0 });
    expect(
      sink.requests.every(
        ({ headers, spanCount }) => spanCount > 0 && headers['content-type'] === 'application/json',
      ),
    ).toBe(true);
    expect(sink.spans.find(({ name }) => name === 'step look')?.attributes['spoor.step.screenshots']).toEqual(
      [PNG, GIF].map(referenceOf),
    );
    expect(result.stderr).toBe('');
  });
});

describe('images and the storage `file`', () => {
  it('are files named after their hash, beside the traces', async () => {
    const result = await run(`
      const spoor = init({ storage: 'file', basePath: './out' });
      shoot();
      console.log(JSON.stringify((await spoor.flush()).blobs ?? null));
      process.exit(0);`);
    expect([result.code, result.stdout, result.stderr]).toEqual([0, 'null\n', '']);
    const folder = join(app.folder, 'out/blobs');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.'),
    );
    expect(files.toSorted()).toEqual(
      [
        `${hashOf(PNG).slice(0, 2)}/${hashOf(PNG)}.png`,
        `${hashOf(GIF).slice(0, 2)}/${hashOf(GIF)}.gif`,
      ].toSorted(),
    );
    expect(readFileSync(join(folder, hashOf(PNG).slice(0, 2), `${hashOf(PNG)}.png`)).equals(PNG)).toBe(true);
  });

  it('that cannot be written are no error of the program', async () => {
    app.write('blocked/blobs', 'a file in the place of the folder');
    const result = await run(
      `init({ storage: 'file', basePath: './blocked' }); shoot(); console.log('went on');`,
    );
    expect([result.code, result.stdout]).toEqual([0, 'went on\n']);
    expect(result.stderr).toContain('an image could not be written to');
    expect(existsSync(join(app.folder, 'blocked/blobs'))).toBe(true);
  });
});
