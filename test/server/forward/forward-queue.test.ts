import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openForwardQueue, type ForwardQueue } from '../../../src/server/forward/forward-queue.js';

const MANY = 1024 * 1024 * 1024;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spoor-queue-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function drain(queue: ForwardQueue): Promise<string[]> {
  const bodies: string[] = [];
  for (let batch = await queue.peek(); batch !== undefined; batch = await queue.peek()) {
    bodies.push(batch.body);
    await queue.shift();
  }
  return bodies;
}

test('batches come out in their order, also those of an earlier process, and each once', async () => {
  const folder = await makeFolder();
  const first = await openForwardQueue(folder, MANY);
  for (const body of ['one', 'two é', 'three']) expect(await first.push({ records: 1, body })).toBe(true);
  expect(await first.peek()).toEqual({ records: 1, body: 'one' });
  await first.shift();
  const second = await openForwardQueue(folder, MANY);
  await second.push({ records: 2, body: 'four' });
  expect(await drain(second)).toEqual(['two é', 'three', 'four']);
  expect(second.bytes).toBe(0);
  expect(await drain(await openForwardQueue(folder, MANY))).toEqual([]);
});

test('a line that a crash tore costs itself only', async () => {
  const folder = await makeFolder();
  const first = await openForwardQueue(folder, MANY);
  await first.push({ records: 1, body: 'one' });
  const [segment = ''] = await readdir(folder);
  await appendFile(join(folder, segment), '1 {"torn');
  const second = await openForwardQueue(folder, MANY);
  await second.push({ records: 1, body: 'two' });
  expect(await drain(second)).toEqual(['one', 'two']);
  expect(second.bytes).toBe(0);
});

test('large queues are in several files, which go as they are taken', async () => {
  const folder = await makeFolder();
  const queue = await openForwardQueue(folder, MANY);
  const bodies = Array.from({ length: 12 }, (_, n) => `${n}${'x'.repeat(1_000_000)}`);
  await Promise.all(bodies.map((body) => queue.push({ records: 1, body })));
  const before = (await readdir(folder)).length;
  expect(before).toBeGreaterThan(2);
  expect(await drain(queue)).toEqual(bodies);
  expect((await readdir(folder)).filter((name) => name.endsWith('.jsonl')).length).toBeLessThan(2);
  expect(queue.bytes).toBe(0);
});

test('a batch that does not fit is refused, and what waits stays', async () => {
  const queue = await openForwardQueue(await makeFolder(), 100);
  expect(await queue.push({ records: 1, body: 'a'.repeat(60) })).toBe(true);
  expect(await queue.push({ records: 1, body: 'b'.repeat(60) })).toBe(false);
  expect(await drain(queue)).toEqual(['a'.repeat(60)]);
  expect(await queue.push({ records: 1, body: 'c'.repeat(60) })).toBe(true);
});

test('what is taken gives its room back at once, and its number is never used again', async () => {
  const folder = await makeFolder();
  const first = await openForwardQueue(folder, MANY);
  for (const body of ['one', 'two']) await first.push({ records: 1, body });
  expect(await first.peek()).toEqual({ records: 1, body: 'one' });
  await first.shift();
  const note = await readFile(join(folder, 'position.json'), 'utf8');
  expect(await drain(first)).toEqual(['two']);
  expect((await readdir(folder)).filter((name) => name.endsWith('.jsonl'))).toEqual([]);
  // An old note of how far a file was taken must not hide what is in a new one.
  await writeFile(join(folder, 'position.json'), note);
  const second = await openForwardQueue(folder, MANY);
  await second.push({ records: 1, body: 'three, which is longer' });
  expect(await drain(await openForwardQueue(folder, MANY))).toEqual(['three, which is longer']);
});

test('a note that cannot be written stops nothing', async () => {
  const folder = await makeFolder();
  await mkdir(join(folder, 'position.json.new'));
  const queue = await openForwardQueue(folder, MANY);
  for (const body of ['one', 'two', 'three']) await queue.push({ records: 1, body });
  expect(await drain(queue)).toEqual(['one', 'two', 'three']);
});
