import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BlobStore } from '../../src/store/blob-store.js';
import { createFileBlobs } from '../../src/store/file-blobs.js';
import { hashOf, uniquePng } from '../support/images.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spoor-blobs-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const type = { mediaType: 'image/png', extension: 'png' } as const;
const open = (maxBytes = 1_000_000, readOnly = false): BlobStore =>
  createFileBlobs({ folder: join(root, 'blobs'), maxBytes, readOnly });
const pathOf = (bytes: Uint8Array): string =>
  join(root, 'blobs', hashOf(bytes).slice(0, 2), `${hashOf(bytes)}.png`);
const putInto = (blobs: BlobStore, bytes: Uint8Array): Promise<boolean> =>
  blobs.put({ hash: hashOf(bytes), bytes, type });

it('makes no folder before the first image', async () => {
  expect(await open().get(hashOf(uniquePng('a')))).toBeUndefined();
  expect(readdirSync(root)).toEqual([]);
});

it('writes a file under the hash and leaves no draft behind', async () => {
  const image = uniquePng('a');
  await putInto(open(), image);
  expect(readFileSync(pathOf(image)).equals(image)).toBe(true);
  expect(readdirSync(join(root, 'blobs', hashOf(image).slice(0, 2)))).toEqual([`${hashOf(image)}.png`]);
});

it('is not confused by many that write the same at once', async () => {
  const image = uniquePng('a');
  const answers = await Promise.all([open(), open(), open()].map((blobs) => putInto(blobs, image)));
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(readFileSync(pathOf(image)).equals(image)).toBe(true);
});

it('gives out no file that was changed', async () => {
  const image = uniquePng('a');
  const blobs = open();
  await putInto(blobs, image);
  writeFileSync(pathOf(image), uniquePng('b'));
  expect(await blobs.get(hashOf(image))).toBeUndefined();
});

it('removes those that were handed in longest ago when it holds too much, also after a restart', async () => {
  const images = ['a', 'b', 'c', 'd'].map((label) => uniquePng(label, 1000));
  const size = images[0]?.length ?? 0;
  const blobs = open(size * 3);
  for (const [index, image] of images.slice(0, 3).entries()) {
    await putInto(blobs, image);
    utimesSync(pathOf(image), index + 1, index + 1);
  }
  // It is used again, so that it is not the oldest any more.
  expect(await putInto(blobs, images[0] as Buffer)).toBe(false);
  expect(await putInto(open(size * 3), images[3] as Buffer)).toBe(true);
  const kept = await Promise.all(images.map(async (image) => (await blobs.get(hashOf(image))) !== undefined));
  expect(kept).toEqual([true, false, false, true]);
});

it('says that it is full when one image is more than it may hold', async () => {
  await expect(putInto(open(100), uniquePng('a', 100))).rejects.toMatchObject({ code: 'SPOOR_STORE_FULL' });
});

it('is not written to when it was opened to be read', async () => {
  const image = uniquePng('a');
  await putInto(open(), image);
  const reader = open(undefined, true);
  expect(await reader.get(hashOf(image))).toMatchObject({ type });
  await expect(putInto(reader, uniquePng('b'))).rejects.toMatchObject({ code: 'SPOOR_OPTION_INVALID' });
});
