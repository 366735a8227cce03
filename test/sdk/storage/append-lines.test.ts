import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendLines } from '../../../src/sdk/storage/append-lines.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-lines-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('appendLines', () => {
  it('makes the folder and the file, and adds to what is there', () => {
    const path = join(folder, 'a/b/lines.jsonl');
    expect(appendLines(path, ['one', 'two'])).toEqual({ written: 2 });
    expect(appendLines(path, ['three'])).toEqual({ written: 1 });
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('closes a line that was torn before, so that the next one is whole', () => {
    const path = join(folder, 'lines.jsonl');
    writeFileSync(path, '{"whole":1}\n{"to');
    appendLines(path, ['{"next":1}']);
    appendFileSync(path, 'x');
    appendLines(path, ['{"last":1}']);
    expect(readFileSync(path, 'utf8')).toBe('{"whole":1}\n{"to\n{"next":1}\nx\n{"last":1}\n');
  });

  it('writes more than one write takes, in order', () => {
    const path = join(folder, 'lines.jsonl');
    const lines = Array.from({ length: 12 }, (_, index) => `${index}:${'é'.repeat(500_000)}`);
    expect(appendLines(path, lines)).toEqual({ written: 12 });
    expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says that nothing was written when the disk is full (needs /dev/full)',
    () => {
      expect(appendLines('/dev/full', ['one'])).toMatchObject({ written: 0, error: { code: 'ENOSPC' } });
    },
  );

  it('says that nothing was written when the folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(appendLines(join(folder, 'file/below/lines.jsonl'), ['one'])).toMatchObject({
      written: 0,
      error: { code: 'ENOTDIR' },
    });
  });
});
